// What a draw is made of: 32 bytes that anybody can recompute, and the code a child goes by.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace catchment::engine::admission {

// Compared byte by byte; the lower comes first.
using Ticket = std::array<std::uint8_t, 32>;
using Digest = std::array<std::uint8_t, 32>;

// Eight characters of Crockford's base32 (no I, L, O, U), upper case: all that is published of a child.
using Code = std::array<char, 8>;

inline std::string_view view(const Code& code) noexcept { return {code.data(), code.size()}; }

// Lower-case hexadecimal.
std::string to_hex(const Digest& bytes);

// False unless the text is exactly 64 lower-case hexadecimal digits.
bool parse_hex(std::string_view text, Digest& bytes) noexcept;

// False unless the text is a code.
bool parse_code(std::string_view text, Code& code) noexcept;

}  // namespace catchment::engine::admission
