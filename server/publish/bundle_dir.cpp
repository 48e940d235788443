#include "server/publish/bundle_dir.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "datasets/importer/sha256.hpp"
#include "geo/input_error.hpp"

namespace catchment::publish {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_on(const fs::path& path) {
  throw std::system_error(errno, std::generic_category(), path.string());
}

fs::path parent_of(const fs::path& target) { return target.has_parent_path() ? target.parent_path() : fs::path("."); }

void refuse_foreign(const fs::path& target) {
  if (!fs::exists(fs::symlink_status(target))) return;
  const bool folder = fs::is_directory(target) && !fs::is_symlink(target);
  if (folder && (fs::is_empty(target) || fs::exists(target / kManifestName))) return;
  throw InputError("target_not_a_bundle", target.string(),
                   folder ? "the folder holds something else than a bundle; name another" : "not a folder");
}

void sync_files(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail_on(folder);
  const int done = ::syncfs(fd);
  ::close(fd);
  if (done != 0) fail_on(folder);
}

}  // namespace

BundleDir::BundleDir(const fs::path& target) : target_(target.lexically_normal()) {
  if (!target_.has_filename()) target_ = target_.parent_path();
  path_ = target_;
  path_ += ".partial-" + std::to_string(::getpid());
  refuse_foreign(target_);
  fs::create_directories(parent_of(target_));
  fs::path lock = target_;
  lock += ".lock";
  lock_ = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) fail_on(lock);
  if (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock_);
    throw InputError("bundle_locked", target_.string(), "another program is writing this bundle");
  }
  try {
    const std::string prefix = target_.filename().string() + ".partial-";
    for (const auto& entry : fs::directory_iterator(parent_of(target_))) {
      if (entry.path().filename().string().starts_with(prefix)) fs::remove_all(entry.path());
    }
    fs::create_directory(path_);
  } catch (...) {
    ::close(lock_);
    throw;
  }
}

BundleDir::~BundleDir() {
  std::error_code ignored;
  if (!published_) fs::remove_all(path_, ignored);
  ::close(lock_);
}

fs::path BundleDir::make_place(const std::string& name) {
  fs::path place = path_ / name;
  fs::create_directories(place.parent_path());
  return place;
}

void BundleDir::write(const std::string& name, std::string_view bytes) {
  const fs::path place = make_place(name);
  std::ofstream out(place, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) fail_on(place);
}

void BundleDir::publish() {
  sync_files(path_);
  if (fs::exists(target_)) {
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_EXCHANGE) != 0) fail_on(target_);
    published_ = true;
    std::error_code ignored;
    fs::remove_all(path_, ignored);  // the old one; what is left of it the next writer removes
  } else {
    if (::rename(path_.c_str(), target_.c_str()) != 0) fail_on(target_);
    published_ = true;
  }
  sync_files(parent_of(target_));
}

std::map<std::string, std::string> hash_files(const fs::path& folder) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    if (entry.is_symlink()) throw InputError("bundle_link", name, "a link is no file of the bundle");
    if (entry.is_regular_file()) hashes.emplace(name, datasets::sha256_of_file(entry.path()));
  }
  return hashes;
}

std::string manifest_text(const std::map<std::string, std::string>& hashes) {
  std::string out;
  for (const auto& [name, hash] : hashes) out.append(hash).append("  ").append(name).append("\n");
  return out;
}

std::map<std::string, std::string> parse_manifest(const std::string& text) {
  std::map<std::string, std::string> hashes;
  std::istringstream in(text);
  int row = 0;
  for (std::string line; std::getline(in, line);) {
    ++row;
    const bool shaped =
        line.size() > 66 && line[64] == ' ' && line[65] == ' ' && line.find_first_not_of("0123456789abcdef") == 64;
    const std::string name = shaped ? line.substr(66) : "";
    const bool inside = shaped && name.front() != '/' && ("/" + name + "/").find("/../") == std::string::npos;
    if (!inside || !hashes.emplace(name, line.substr(0, 64)).second) {
      throw InputError("manifest", std::string(kManifestName) + ":" + std::to_string(row),
                       "not a hash and the name of a file of the bundle, each once");
    }
  }
  return hashes;
}

}  // namespace catchment::publish
