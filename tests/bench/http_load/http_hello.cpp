// The HTTP library with handlers that do nothing: what is left of a figure when the service's own work is taken away.
//   http_hello [threads] [workers]     prints "Listening on http://127.0.0.1:PORT/"
// GET / is answered on the event loop, /pool/... by the pool, /wait/... by the pool after 5 ms (a disk that is slow),
// each in the lane its second segment names: /wait/submit.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "server/http/http_server.hpp"

using namespace catchment;

namespace {

http::Routing route_of(const http::Request& request) {
  for (const http::Lane lane : {http::Lane::confirm, http::Lane::submit, http::Lane::read, http::Lane::browse}) {
    if (request.path.size() > 6 && request.path.ends_with(to_word(lane))) return {lane, to_word(lane)};
  }
  return {http::Lane::here, "/"};
}

http::Response hello(const http::Request& request) {
  if (request.path.starts_with("/wait/")) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return {200, "text/plain", "hello, world\n"};
}

}  // namespace

int main(int argc, char** argv) {
  http::ServerOptions options;
  options.threads = argc > 1 ? std::atoi(argv[1]) : 1;
  options.pool.workers = argc > 2 ? std::atoi(argv[2]) : 64;
  options.classify = route_of;
  options.stop_on_signals = true;
  options.metrics_path = "/metrics";
  http::HttpServer server(options, hello);
  std::cout << "Listening on http://127.0.0.1:" << server.port() << "/" << std::endl;
  server.run();
}
