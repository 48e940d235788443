// The service: opens a city package read-only, answers look-ups and tiles, serves the map page; with a store it keeps a
// season. Foreign formats stay out.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <memory>
#include <thread>

#include "geo/input_error.hpp"
#include "server/api/city_service.hpp"
#include "server/api/door.hpp"
#include "server/api/routes.hpp"
#include "server/api/site.hpp"
#include "server/http/http_server.hpp"
#include "server/ogc/ogc_service.hpp"
#include "server/service_commands.hpp"
#include "server/service_host.hpp"

namespace catchment {
namespace {

constexpr std::size_t kMostUploadBytes = 16 << 20;

struct Options {
  api::OpenOptions city;
  http::ServerOptions http;
  std::string viewer;
  std::size_t tile_cache_mb = 64;
  bool access_log = false;
  HostOptions host;
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--package", options.city.package, "City package (GeoPackage)")->check(CLI::ExistingFile);
  app.add_option("--snapshot", options.city.snapshot,
                 "Index made by `catchment snapshot`; used if it is of this package");
  app.add_option("--port", options.http.port, "0: any free one, printed")->default_val(8080);
  app.add_option("--bind", options.http.bind, "Address to listen on")->capture_default_str();
  app.add_option("--threads", options.http.threads, "Threads that answer")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--viewer", options.viewer, "Folder with the built map page (viewer/dist)")
      ->check(CLI::ExistingDirectory);
  app.add_option("--tile-cache-mb", options.tile_cache_mb, "Memory for tiles already cut")
      ->check(CLI::Range(1, 65536))
      ->capture_default_str();
  app.add_option("--public-url", options.http.public_url,
                 "What clients call this service (https://catchment.example), where a proxy stands before it");
  app.add_option("--max-connections", options.http.max_connections, "Connections at once")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  app.add_option("--trusted-proxy", options.http.trusted_proxies,
                 "Address or network whose X-Forwarded-For is believed");
  app.add_flag("--access-log", options.access_log,
               "A line of JSON a request on standard error: no path, query or address");
  declare_season(app, options.host);
}

// Files are uploaded to one path.
void allow_uploads(Options& options) {
  if (options.host.mappings.empty()) return;
  options.http.large_body_path = "/v1/imports";
  options.http.large_body_limit = kMostUploadBytes;
}

void observe(Options& options) {
  options.http.metrics_path = "/metrics";
  options.http.live_path = "/live";
  options.http.ready_path = "/ready";
  if (!options.access_log) return;
  // One write a line, so that threads do not tear each other's.
  options.http.access_log = [](const std::string& line) { std::fputs((line + "\n").c_str(), stderr); };
}

std::chrono::local_seconds beijing_now() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return std::chrono::local_seconds(now.time_since_epoch() + std::chrono::hours(8));
}

http::Response answer(const api::CityService& city, api::Service* service, const ogc::OgcService& ogc,
                      const api::Site& site, const http::Request& request) {
  if (auto response = api::answer_api(city, service, request)) return std::move(*response);
  if (auto response = ogc.answer(request)) return std::move(*response);
  if (auto response = site.answer(request)) return std::move(*response);
  return api::problem(404, "path_unknown", "", "There is nothing at this path.");
}

int serve(Options& options) {
  const auto say = [](const std::string& line) { std::cerr << "catchmentd: " << line << std::endl; };
  while (options.http.public_url.ends_with('/')) options.http.public_url.pop_back();
  options.host.public_url = options.http.public_url;
  options.city.tile_cache_bytes = options.tile_cache_mb << 20;
  observe(options);
  allow_uploads(options);
  const api::CityService city = api::open_city(options.city, say);
  if (!city.from_snapshot && options.city.snapshot.empty()) say("No snapshot given; indexed in memory.");
  const ogc::OgcService ogc = ogc::OgcService::open(datasets::CityPackage::open(options.city.package), beijing_now);
  const api::Site site = options.viewer.empty() ? api::Site() : api::Site::open(options.viewer);
  std::unique_ptr<ServiceHost> host;
  if (!options.host.store.empty()) host = std::make_unique<ServiceHost>(options.host, city, options.city.package, say);
  api::Service* service = host ? &host->service() : nullptr;
  options.http.classify = [service](const http::Request& request) {
    const http::Routing routing = api::classify(request, service);
    return routing.route >= 0 ? routing : ogc::classify(request);
  };
  if (service != nullptr && service->door != nullptr)
    options.http.more_metrics = [door = service->door](std::string& text) { door->append_metrics(text); };
  if (host) options.http.ready = [&] { return host->ready(); };
  http::HttpServer server(options.http,
                          [&](const http::Request& request) { return answer(city, service, ogc, site, request); });
  // Scripts wait for this line; it is the only one on standard output.
  const bool v6 = options.http.bind.find(':') != std::string::npos;
  std::cout << "Listening on http://" << (v6 ? "[" : "") << options.http.bind << (v6 ? "]:" : ":") << server.port()
            << "/" << std::endl;
  say(std::to_string(city.layers.size()) + " layers, " + std::to_string(city.schools) + " schools" +
      (city.synthetic ? "; the data are made up." : "."));
  server.run();
  say("Stopped.");
  return 0;
}

}  // namespace
}  // namespace catchment

int main(int argc, char** argv) {
  CLI::App app{"Catchment's service: which zone, which schools, how near the line"};
  catchment::Options options;
  options.http.stop_on_signals = true;
  options.http.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  catchment::declare(app, options);
  std::function<int()> command;
  catchment::declare_commands(app, command);
  CLI11_PARSE(app, argc, argv);
  try {
    if (command) return command();
    if (options.city.package.empty()) throw catchment::InputError("package", "--package", "is needed");
    return catchment::serve(options);
  } catch (const catchment::InputError& error) {
    std::cerr << "catchmentd: " << error.what() << " [" << error.code << "]" << std::endl;
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "catchmentd: " << error.what() << std::endl;
    return 3;
  }
}
