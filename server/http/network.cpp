#include "server/http/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>

#include "geo/input_error.hpp"
#include "server/http/serialise.hpp"

namespace catchment::http {
namespace {

using AddressBytes = std::array<std::uint8_t, 16>;
constexpr int kMappedBits = 96;

struct ReadAddress {
  AddressBytes bytes{};
  bool v4 = false;
};

std::optional<ReadAddress> find_address(std::string_view text) {
  if (text.size() > 45) return std::nullopt;
  const std::string copy(text);
  ReadAddress read;
  if (inet_pton(AF_INET6, copy.c_str(), read.bytes.data()) == 1) return read;
  std::array<std::uint8_t, 4> four{};
  if (inet_pton(AF_INET, copy.c_str(), four.data()) != 1) return std::nullopt;
  read.v4 = true;
  read.bytes[10] = read.bytes[11] = 0xff;
  std::ranges::copy(four, read.bytes.begin() + 12);
  return read;
}

Network parse_network(const std::string& text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto address = find_address(std::string_view(text).substr(0, slash));
  if (!address) throw InputError("network", text, "is no address or network");
  const int bits = address->v4 ? 32 : 128;
  int prefix = bits;
  if (slash < text.size()) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, prefix);
    if (error != std::errc{} || stop != end || prefix < 0 || prefix > bits)
      throw InputError("network", text, "has no prefix length of its kind");
  }
  return {address->bytes, address->v4 ? prefix + kMappedBits : prefix};
}

bool holds(const Network& network, const AddressBytes& address) {
  const auto whole = static_cast<std::size_t>(network.prefix / 8);
  if (std::memcmp(network.bytes.data(), address.data(), whole) != 0) return false;
  const int rest = network.prefix % 8;
  return rest == 0 || ((network.bytes[whole] ^ address[whole]) >> (8 - rest)) == 0;
}

}  // namespace

std::vector<Network> parse_networks(std::span<const std::string> texts) {
  std::vector<Network> networks;
  for (const std::string& text : texts) networks.push_back(parse_network(text));
  return networks;
}

bool contains(std::span<const Network> networks, std::string_view address) {
  const auto read = find_address(address);
  return read && std::ranges::any_of(networks, [&](const Network& n) { return holds(n, read->bytes); });
}

std::string client_address(std::string_view peer, std::string_view forwarded_for, std::span<const Network> trusted) {
  std::string client(peer);
  while (!forwarded_for.empty() && contains(trusted, client)) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
    const std::string_view item = trimmed(forwarded_for.substr(begin));
    if (!find_address(item)) break;
    client = item;
    forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
  }
  return client;
}

}  // namespace catchment::http
