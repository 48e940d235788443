// A folder written beside its target and put in its place at once: the target is the old bundle or the whole new one.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace catchment::publish {

inline constexpr const char* kManifestName = "SHA256SUMS";
inline constexpr const char* kSignatureName = "SHA256SUMS.minisig";

class BundleDir {
 public:
  // One writer at a time: holds an flock on `<target>.lock`. Folders of killed writers are removed. A target that is
  // there and no bundle (no SHA256SUMS, not empty) is refused with InputError("target_not_a_bundle").
  explicit BundleDir(const std::filesystem::path& target);
  ~BundleDir();  // removes what was written unless published
  BundleDir(const BundleDir&) = delete;
  BundleDir& operator=(const BundleDir&) = delete;

  const std::filesystem::path& path() const { return path_; }  // <target>.partial-<pid>
  // Names are relative, with '/'. Makes the folders on the way. Throws std::system_error.
  void write(const std::string& name, std::string_view bytes);
  std::filesystem::path make_place(const std::string& name);  // for a file that another library writes
  // Syncs all, exchanges it with the target and removes the old one.
  void publish();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
  int lock_ = -1;
  bool published_ = false;
};

// Every regular file below a folder by its name relative to it, with '/', sorted; with its SHA-256. Links are refused
// with InputError("bundle_link"): what they point to is not in the bundle.
std::map<std::string, std::string> hash_files(const std::filesystem::path& folder);

// As sha256sum writes and checks it.
std::string manifest_text(const std::map<std::string, std::string>& hashes);
// Throws InputError("manifest", "SHA256SUMS:row").
std::map<std::string, std::string> parse_manifest(const std::string& text);

}  // namespace catchment::publish
