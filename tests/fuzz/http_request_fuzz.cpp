// Any bytes as what a client sends: requests or a refusal, the same however the bytes come in pieces; and the answer to
// each can be written down. Of a head that is cut off some pieces tell sooner than others that it can be none.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "server/http/network.hpp"
#include "server/http/request_reader.hpp"
#include "server/http/serialise.hpp"

namespace {

using namespace catchment::http;

constexpr std::size_t kHeader = 1024, kBody = 4096;

std::string told(const Incoming& in) {
  const Request& r = in.request;
  std::string text = r.method + " " + r.path + "\n";
  for (const auto& [name, value] : r.query) text += name + "=" + value + "\n";
  for (int i = 0; i <= static_cast<int>(Header::origin); ++i)
    text.append(r.header(static_cast<Header>(i))).append("\n");
  text += std::to_string(in.head) + std::to_string(in.keep_alive) + std::to_string(in.plain_target) +
          std::to_string(r.accepts_gzip);
  return text + in.forwarded_for + "\n" + r.base_url + "\n" + r.body;
}

std::string answer_to(const Incoming& in) {
  static const std::vector<Network> trusted =
      parse_networks(std::vector<std::string>{"127.0.0.1", "10.0.0.0/8", "::1"});
  std::string out = client_address("127.0.0.1", in.forwarded_for, trusted);
  Response response;
  response.body = std::string(2000, 'b'), response.etag = R"("0123456789abcdef")", response.content_type = "text/html";
  if_match(in.request, response.etag);
  append_response(in.request, response, {in.keep_alive, in.head, "Sat, 28 Nov 2026 00:00:00 GMT"}, out);
  return out;
}

// As a connection does: what was not used comes again with what follows. Empty pieces are never given.
std::vector<std::string> read_in_pieces(std::string_view bytes, std::size_t piece) {
  static const catchment::http::BodyLimits kBodies{kBody};
  RequestReader reader(kHeader, kBodies);
  std::vector<std::string> all;
  std::size_t begin = 0, end = 0;
  while (end < bytes.size()) {
    end = std::min(bytes.size(), end + piece);
    while (begin < end) {
      const std::size_t used = reader.read(bytes.substr(begin, end - begin));
      if (used > end - begin) std::abort();
      begin += used;
      if (reader.state() == RequestReader::State::refused) {
        all.push_back("refused " + std::to_string(reader.refusal().status));
        return all;
      }
      if (reader.state() != RequestReader::State::complete) break;
      const Incoming incoming = reader.take();
      all.push_back(told(incoming));
      if (answer_to(incoming).empty()) std::abort();
    }
    if (end - begin > kHeader + kBody) std::abort();  // a reader that waits must not let a client fill its memory
  }
  return all;
}

bool told_alike(std::vector<std::string> a, std::vector<std::string> b) {
  if (a.size() > b.size()) a.swap(b);
  if (b.size() == a.size() + 1 && b.back().starts_with("refused")) b.pop_back();
  return a == b;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_in_pieces(bytes, std::max<std::size_t>(1, size));
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, size / 2 + 1}) {
    if (!told_alike(read_in_pieces(bytes, piece), whole)) std::abort();
  }
  return 0;
}
