// A service on a made-up city with a real store, asked as its server asks it, and people of every kind signed in.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <nlohmann/json.hpp>

#include "datasets/package_writer.hpp"
#include "datasets/synth/city.hpp"
#include "server/api/routes.hpp"
#include "server/http/event_stream.hpp"
#include "server/plans/plan_desk.hpp"
#include "server/service_host.hpp"

namespace catchment::testing {

using nlohmann::json;

struct Answer {
  int status = 0;
  std::string text, etag;
  std::shared_ptr<http::EventStream> events;
  json body() const { return json::parse(text); }
};

class PlanService {
 public:
  explicit PlanService(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder);
    if (!std::filesystem::exists(folder / "city.gpkg")) write_city(folder / "city.gpkg");
    const auto say = [](const std::string&) {};
    city_ = std::make_unique<api::CityService>(api::open_city({folder / "city.gpkg", {}}, say));
    HostOptions options;
    options.store = "sqlite:" + (folder / "store.db").string(), options.keys = folder / "keys";
    options.policy = std::string(CATCHMENT_SOURCE_DIR) + "/datasets/policy/packs/guiyang-2024.json";
    options.rehearsal = true, options.clock = "2024-03-01T08:00";
    host_ = std::make_unique<ServiceHost>(options, *city_, folder / "city.gpkg", say);
    host_->service().plans->wait_for_ground([] { return true; });
  }

  // A token of somebody; staff have shown a second factor.
  std::string sign_in(access::Role role, const std::string& subject, std::vector<std::string> districts = {}) {
    access::Actor actor;
    actor.role = role, actor.subject = subject, actor.districts = std::move(districts), actor.second_factor = true;
    api::Service& s = host_->service();
    return s.store.write(
        [&](store::Session& session) { return s.sessions.open(session, actor, access::SessionKind::bearer).token; });
  }

  // target: path and query. token empty: nobody. Every POST has a key of its own.
  Answer ask(const std::string& method, const std::string& target, const std::string& token, const json& body = {},
             const std::string& if_match = "", const std::string& last_event = "") {
    http::Request request;
    request.method = method, request.path = target.substr(0, target.find('?'));
    for (std::size_t at = target.find('?'); at != std::string::npos; at = target.find('&', at + 1)) {
      const std::string pair = target.substr(at + 1, target.find('&', at + 1) - at - 1);
      request.query.emplace_back(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    if (!token.empty()) request.set_header(http::Header::authorization, "Bearer " + token);
    if (!if_match.empty()) request.set_header(http::Header::if_match, if_match);
    if (!last_event.empty()) request.set_header(http::Header::last_event_id, last_event);
    if (method == "POST") request.set_header(http::Header::idempotency_key, "key-" + std::to_string(++keys_));
    if (!body.is_null()) {
      request.set_header(http::Header::content_type, "application/json");
      request.body = body.dump();
    }
    http::Response response = *api::answer_api(*city_, &host_->service(), request);
    const bool kept = response.content != nullptr;
    return {response.status, kept ? response.content->plain : response.body, response.etag, response.events};
  }

  api::Service& service() { return host_->service(); }
  std::filesystem::path package() const { return folder_ / "city.gpkg"; }

 private:
  static void write_city(const std::filesystem::path& file) {
    datasets::PackageWriter writer(file, datasets::PackageWriter::Start::empty);
    datasets::synth::SynthOptions options;
    options.seed = 5, options.schools = 6, options.children = 900, options.addresses = 400, options.years = 3;
    datasets::synth::write_city(options, writer);
    writer.commit();
  }

  std::filesystem::path folder_;
  std::unique_ptr<api::CityService> city_;
  std::unique_ptr<ServiceHost> host_;
  static inline std::atomic<int> keys_{0};  // a service begun anew on its store keeps the old ones
};

// All a stream has until it ends.
inline std::string read_to_end(http::EventStream& stream) {
  std::mutex mutex;
  std::condition_variable woken;
  bool ready = true;
  stream.attach([&] {
    const std::lock_guard lock(mutex);
    ready = true;
    woken.notify_one();
  });
  std::string all;
  for (;;) {
    {
      std::unique_lock lock(mutex);
      woken.wait(lock, [&] { return ready; });
      ready = false;
    }
    const auto taken = stream.take();
    all += taken.bytes;
    if (taken.ended) break;
  }
  stream.detach();
  return all;
}

}  // namespace catchment::testing
