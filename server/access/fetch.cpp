#include "server/access/fetch.hpp"

#include <curl/curl.h>

#include <memory>
#include <mutex>

#include "geo/input_error.hpp"

namespace catchment::access {
namespace {

constexpr long kWholeSeconds = 10, kConnectSeconds = 5;
constexpr std::size_t kMostAnswer = 64 * 1024;

std::size_t take_answer(char* bytes, std::size_t, std::size_t count, void* into) {
  std::string& answer = *static_cast<std::string*>(into);
  if (answer.size() + count > kMostAnswer) return 0;  // which ends the transfer
  answer.append(bytes, count);
  return count;
}

[[noreturn]] void unreachable(const char* why) {
  throw InputError("oidc_unreachable", "oidc", std::string("The identity provider cannot be reached: ") + why + ".");
}

}  // namespace

FetchAnswer fetch_over_network(const FetchRequest& request) {
  static std::once_flag ready;
  std::call_once(ready, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(), &curl_easy_cleanup);
  if (!curl) unreachable("out of memory");
  FetchAnswer answer;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers(nullptr, &curl_slist_free_all);
  const auto add = [&](const std::string& header) {
    curl_slist* longer = curl_slist_append(headers.get(), header.c_str());
    headers.release(), headers.reset(longer);
  };
  add("Accept: application/json");
  if (!request.authorization.empty()) add("Authorization: " + request.authorization);
  if (!request.content_type.empty()) add("Content-Type: " + request.content_type);
  CURL* handle = curl.get();
  curl_easy_setopt(handle, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "https,http");
  curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT, kWholeSeconds);
  curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, take_answer);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &answer.body);
  if (request.method == "POST") {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  if (const CURLcode code = curl_easy_perform(handle); code != CURLE_OK) unreachable(curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  answer.status = static_cast<int>(status);
  return answer;
}

}  // namespace catchment::access
