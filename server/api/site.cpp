#include "server/api/site.hpp"

#include <array>
#include <fstream>
#include <iterator>

#include "geo/input_error.hpp"

namespace catchment::api {
namespace {

constexpr std::size_t kMaxFileBytes = 32u << 20;

// MapLibre and Svelte set styles through the CSSOM, which 'self' allows; nothing is inlined.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'; connect-src 'self'; img-src 'self' "
    "data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// A page that brings its own policy (viewer/verify/verify.html: the hashes of its script and style) is served under it.
std::string policy_of(std::string_view type, std::string_view bytes) {
  constexpr std::string_view kBegins = "http-equiv=\"Content-Security-Policy\"", kContent = "content=\"";
  const std::size_t meta = type.starts_with("text/html") ? bytes.find(kBegins) : std::string_view::npos;
  if (meta == std::string_view::npos) return std::string(kContentSecurityPolicy);
  const std::size_t from = bytes.find(kContent, meta) + kContent.size();
  return std::string(bytes.substr(from, bytes.find('"', from) - from)) + "; frame-ancestors 'none'";
}

std::string media_type(const std::string& extension) {
  struct Known {
    std::string_view extension, type;
  };
  constexpr std::array kKnown{
      Known{".html", "text/html; charset=utf-8"},
      Known{".js", "text/javascript; charset=utf-8"},
      Known{".mjs", "text/javascript; charset=utf-8"},
      Known{".css", "text/css; charset=utf-8"},
      Known{".json", "application/json"},
      Known{".svg", "image/svg+xml"},
      Known{".png", "image/png"},
      Known{".ico", "image/x-icon"},
      Known{".woff2", "font/woff2"},
      Known{".txt", "text/plain; charset=utf-8"},
  };
  for (const Known& known : kKnown) {
    if (known.extension == extension) return std::string(known.type);
  }
  return "application/octet-stream";
}

}  // namespace

Site Site::open(const std::filesystem::path& folder) {
  Site site;
  std::error_code error;
  for (auto it = std::filesystem::recursive_directory_iterator(folder, error);
       !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    if (it->is_symlink() || !it->is_regular_file() || it->file_size() > kMaxFileBytes) continue;
    std::ifstream in(it->path(), std::ios::binary);
    std::string bytes((std::istreambuf_iterator<char>(in)), {});
    const std::string type = media_type(it->path().extension().string());
    std::string path = std::filesystem::relative(it->path(), folder).generic_string();
    path.insert(path.begin(), '/');
    site.policies_[path] = policy_of(type, bytes);
    site.files_[path] = http::make_content(type, std::move(bytes), !type.starts_with("font/") && type != "image/png");
  }
  if (error) throw InputError("viewer_open", folder.string(), error.message());
  if (!site.files_.contains("/index.html")) throw InputError("viewer_open", folder.string(), "there is no index.html");
  site.files_["/"] = site.files_["/index.html"];
  site.policies_["/"] = site.policies_["/index.html"];
  return site;
}

std::optional<http::Response> Site::answer(const http::Request& request) const {
  const auto found = files_.find(request.path);
  if (found == files_.end() || request.method != "GET") return std::nullopt;
  http::Response response;
  response.content = found->second;
  // Vite names what is under /assets by its content.
  const bool immutable = request.path.starts_with("/assets/");
  response.headers = {{"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"},
                      {"Content-Security-Policy", policies_.at(found->first)},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cross-Origin-Opener-Policy", "same-origin"}};
  return response;
}

}  // namespace catchment::api
