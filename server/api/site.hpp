// The viewer's built files, read once at start: a path that was not read cannot be asked for.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "server/http/message.hpp"

namespace catchment::api {

class Site {
 public:
  Site() = default;  // no files
  // Regular files only, links not followed. Throws InputError("viewer_open").
  static Site open(const std::filesystem::path& folder);

  std::optional<http::Response> answer(const http::Request& request) const;
  std::size_t file_count() const { return files_.size(); }

 private:
  std::map<std::string, std::shared_ptr<const http::Content>, std::less<>> files_;  // by path, "/assets/x.js"
  std::map<std::string, std::string, std::less<>> policies_;                        // by path: Content-Security-Policy
};

}  // namespace catchment::api
