#include "server/imports/scratch.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <string>
#include <system_error>

#include "server/confine/child.hpp"

namespace catchment::imports {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kScratchName = "catchment-import-";

[[noreturn]] void throw_scratch(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

void give_to_child(const fs::path& path) {
  if (::geteuid() == 0 && ::chown(path.c_str(), confine::kChildUser, confine::kChildUser) != 0) throw_scratch(path);
}

}  // namespace

Scratch::Scratch() {
  std::string name = (fs::temp_directory_path() / (std::string(kScratchName) + "XXXXXX")).string();
  if (::mkdtemp(name.data()) == nullptr) throw_scratch(name);
  path_ = name;
  folder_ = ::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_ < 0 || ::flock(folder_, LOCK_EX) != 0) throw_scratch(path_);
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  if (folder_ >= 0) ::close(folder_);
}

void Scratch::copy(const fs::path& from, const char* name) const { fs::copy_file(from, path_ / name); }

void Scratch::write(std::string_view bytes, const char* name) const {
  std::ofstream out(path_ / name, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw std::system_error(ENOSPC, std::generic_category(), name);
}

void Scratch::hand_over() const {
  for (const auto& file : fs::directory_iterator(path_)) give_to_child(file.path());
  give_to_child(path_);
}

void Scratch::sweep() noexcept {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path(error), error)) {
    if (!entry.path().filename().string().starts_with(kScratchName)) continue;
    const int folder = ::open(entry.path().c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) continue;
    std::error_code ignored;
    if (::flock(folder, LOCK_EX | LOCK_NB) == 0) fs::remove_all(entry.path(), ignored);
    ::close(folder);
  }
}

}  // namespace catchment::imports
