// A package put where packages are kept: a whole file, durable, or none; whatever happens meanwhile.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace catchment::imports {

// SHA-256 in hexadecimal digits of bytes, or of a file.
std::string sha256_of(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& file);

// What somebody else wrote, taken over into a file of ours: a plain file of at most `most_bytes`, no link, nothing that
// would keep us waiting. Throws std::system_error.
void take_over(const std::filesystem::path& from, const std::filesystem::path& to, std::uint64_t most_bytes);

// A copy of `from` under the name of `to`, readable as `from` is, synced with its folder. It has no name until it is
// whole, so that a killed process leaves nothing; on a file system that cannot do that it throws like on a full one.
// False: there is a file of that name already, and it is left as it is. Throws std::system_error.
bool put_new_file(const std::filesystem::path& from, const std::filesystem::path& to);

// "city.gpkg" and a digest to "city-9f2c5e0a77d01b34.gpkg"; the mark of an earlier digest gives way.
std::string new_package_name(const std::filesystem::path& package, std::string_view digest);

}  // namespace catchment::imports
