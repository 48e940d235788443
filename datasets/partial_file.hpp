// A file written beside its target and renamed over it: the target is the old one or the new one, never a part.
#pragma once

#include <filesystem>

namespace catchment::datasets {

// One writer at a time: holds an flock on `<target>.lock` (left in place: removing a lock file is a race). A second
// writer waits a few seconds, then throws InputError("package_locked"). Partial files of killed writers are removed.
// A symbolic link is followed; what is there and not a file is refused with InputError("target_not_a_file").
class PartialFile {
 public:
  explicit PartialFile(const std::filesystem::path& target);
  ~PartialFile();  // removes the partial file unless published
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::filesystem::path& path() const { return path_; }  // <target>.partial-<pid>
  // The target's bytes and permissions into the partial file, by the kernel where it can.
  void copy_target();
  // Syncs the partial file, renames it over the target and syncs the directory. Throws std::system_error, and
  // InputError("package_in_use") if another program began to write the target meanwhile.
  void publish();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  int lock_ = -1;
  bool published_ = false;
};

}  // namespace catchment::datasets
