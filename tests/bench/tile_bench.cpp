// Cuts the tiles it is asked for, as the service does, and says how long each took: for http_load/tiles.py, which asks
// ST_AsMVT for the same ones.
//   tile_bench PACKAGE STAGE/YEAR/KIND <tiles.txt      lines "z x y" in; lines "z x y ns hexadecimal-digits" out
#include <chrono>
#include <iostream>

#include "server/api/city_service.hpp"
#include "server/api/resources.hpp"

using namespace catchment;

namespace {

std::string hex_of(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += kDigits[static_cast<unsigned char>(c) >> 4];
    out += kDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 64;
  api::OpenOptions options;
  options.package = argv[1];
  const api::CityService city = api::open_city(options, [](const std::string&) {});
  const api::ServedLayer& layer = api::get_layer(city, argv[2], "layer");
  int z = 0;
  std::uint32_t x = 0, y = 0;
  while (std::cin >> z >> x >> y) {
    layer.tiles.tile(z, x, y);  // the peer's are warm, too
    const auto start = std::chrono::steady_clock::now();
    const std::string tile = layer.tiles.tile(z, x, y);
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
    std::cout << z << ' ' << x << ' ' << y << ' ' << took.count() << ' ' << hex_of(tile) << '\n';
  }
}
