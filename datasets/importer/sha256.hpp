// The SHA-256 of a file or a text, in hexadecimal.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace catchment::datasets {

std::string sha256_of_file(const std::filesystem::path& file);  // throws std::system_error
std::string sha256_of_text(std::string_view text);

}  // namespace catchment::datasets
