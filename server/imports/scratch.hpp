// A folder for one upload, that only we and, once it is handed over, the confined child see.
#pragma once

#include <filesystem>
#include <string_view>

namespace catchment::imports {

// Removed with all that is in it; one that a killed process left is removed by the next that begins (sweep()). Throws
// std::system_error.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path at(const char* name) const { return path_ / name; }

  void copy(const std::filesystem::path& from, const char* name) const;
  void write(std::string_view bytes, const char* name) const;
  // The folder and what is in it, to the child's user, where we are root.
  void hand_over() const;

  // Removes folders that nobody has open any more.
  static void sweep() noexcept;

 private:
  std::filesystem::path path_;
  int folder_ = -1;  // locked as long as it is ours
};

}  // namespace catchment::imports
