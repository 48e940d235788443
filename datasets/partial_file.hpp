// A file written beside its target and renamed over it: the target is the old one or the new one, never a part.
#pragma once

#include <filesystem>

namespace catchment::datasets {

// One writer at a time: holds an flock on `<target>.lock` (left in place: removing a lock file is a race). A second
// writer waits a few seconds, then throws InputError("package_locked"). Partial files of killed writers are removed.
class PartialFile {
 public:
  explicit PartialFile(const std::filesystem::path& target);
  ~PartialFile();  // removes the partial file unless published
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::filesystem::path& path() const { return path_; }  // <target>.partial-<pid>
  // The target's bytes into the partial file, by the kernel where it can.
  void copy_target();
  // Syncs the partial file, renames it over the target and syncs the directory. Throws std::system_error.
  void publish();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  int lock_ = -1;
  bool published_ = false;
};

}  // namespace catchment::datasets
