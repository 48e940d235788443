// The SHA-256 of a file, in hexadecimal.
#pragma once

#include <filesystem>
#include <string>

namespace catchment::datasets {

std::string sha256_of_file(const std::filesystem::path& file);  // throws std::system_error

}  // namespace catchment::datasets
