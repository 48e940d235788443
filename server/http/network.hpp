// Addresses and networks, and who asks behind trusted proxies.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::http {

struct Network {
  std::array<std::uint8_t, 16> bytes{};  // IPv4 as ::ffff:a.b.c.d
  int prefix = 128;
};

// "10.0.0.0/8", "127.0.0.1", "::1", "fd00::/8". Throws InputError("network", text).
std::vector<Network> parse_networks(std::span<const std::string> texts);

// False for a text that is no address.
bool contains(std::span<const Network> networks, std::string_view address);

// The peer, unless it is a trusted proxy; then, from the right of X-Forwarded-For, the first address that is none. What
// stands left of that is hearsay, as is everything left of a text that is no address.
std::string client_address(std::string_view peer, std::string_view forwarded_for, std::span<const Network> trusted);

}  // namespace catchment::http
