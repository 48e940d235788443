// Any request as one that got past the parser of HTTP, to the whole API over a real store: answered, and never by an
// exception nobody expected. The input is text: a letter that says who asks (g guardian, s school, d district, c city,
// a auditor, o operator, anything else nobody), method, target, LF, body; "{code}" in it stands for a child registered.
//
// What is left out costs time and has its own test: passwords are tried by Argon2, and jobs reckon for minutes.
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "datasets/package_writer.hpp"
#include "datasets/synth/city.hpp"
#include "server/api/routes.hpp"
#include "server/http/serialise.hpp"
#include "server/http/target.hpp"
#include "server/service_host.hpp"

namespace {

using namespace catchment;

constexpr int kLife = 3000;  // requests until the store begins anew, or it would grow for ever
constexpr std::string_view kPeople = "gsdcao";

std::string source_file(const char* name) { return std::string(CATCHMENT_SOURCE_DIR) + "/" + name; }

// A service on a made-up city, begun anew with the same accounts and one child.
class Place {
 public:
  Place() : folder_(std::filesystem::temp_directory_path() / ("catchment-api-fuzz-" + std::to_string(::getpid()))) {
    if (std::filesystem::is_directory("/dev/shm")) folder_ = "/dev/shm" / folder_.filename();
    std::filesystem::create_directories(folder_);
    datasets::PackageWriter writer(folder_ / "city.gpkg", datasets::PackageWriter::Start::empty);
    datasets::synth::SynthOptions options;
    options.seed = 5, options.schools = 4, options.children = 300, options.addresses = 200, options.years = 2;
    datasets::synth::write_city(options, writer);
    writer.commit();
    city_ = std::make_unique<api::CityService>(api::open_city({folder_ / "city.gpkg", {}}, [](const auto&) {}));
  }
  ~Place() {
    host_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  http::Response ask(http::Request& request, char who) {
    if (asked_++ % kLife == 0) begin();
    host_->service().clock.start(begins_);
    const std::size_t person = kPeople.find(who);
    if (person != std::string_view::npos) request.set_header(http::Header::authorization, "Bearer " + tokens_[person]);
    request.set_header(http::Header::idempotency_key, "key-" + std::to_string(asked_));
    request.set_header(http::Header::if_match, "*");
    request.set_header(http::Header::content_type, "application/json");
    request.remote = "127.0.0.1";
    if (auto answer = api::answer_api(*city_, &host_->service(), request)) return std::move(*answer);
    return api::problem(404, "path_unknown", "", "");
  }
  const std::string& code() const { return code_; }

 private:
  void begin() {
    host_.reset();
    for (const char* file : {"store.db", "store.db-wal", "store.db-shm", "keys"})
      std::filesystem::remove(folder_ / file);
    HostOptions options;
    options.store = "sqlite:" + (folder_ / "store.db").string(), options.keys = folder_ / "keys";
    options.policy = source_file("datasets/policy/packs/guiyang-2024.json");
    options.season = source_file("tests/fuzz/season");
    options.rehearsal = true, options.clock = "2024-06-12T10:00";
    host_ = std::make_unique<ServiceHost>(options, *city_, folder_ / "city.gpkg", [](const auto&) {});
    begins_ = host_->service().clock.now();
    tokens_.clear();
    sign_in(access::Role::guardian, "guardian", {}, {});
    sign_in(access::Role::school, "account:1", {}, {"J11", "J19"});
    sign_in(access::Role::district, "account:2", {"D1"}, {});
    sign_in(access::Role::city, "account:3", {}, {});
    sign_in(access::Role::auditor, "account:4", {}, {});
    sign_in(access::Role::operator_, "account:5", {}, {});
    http::Request request;
    request.method = "POST", request.path = "/v1/registrations", request.body = record();
    const http::Response made = ask(request, 'g');
    if (made.status != 201) std::abort();
    code_ = nlohmann::json::parse(made.body).at("code").get<std::string>();
  }

  void sign_in(access::Role role, const char* subject, std::vector<std::string> districts,
               std::vector<std::string> schools) {
    access::Actor actor;
    actor.role = role, actor.subject = subject, actor.second_factor = true;
    actor.districts = std::move(districts), actor.schools = std::move(schools);
    api::Service& s = host_->service();
    tokens_.push_back(s.store.write(
        [&](store::Session& session) { return s.sessions.open(session, actor, access::SessionKind::bearer).token; }));
  }

  static std::string record();

  std::filesystem::path folder_;
  std::unique_ptr<api::CityService> city_;
  std::unique_ptr<ServiceHost> host_;
  std::vector<std::string> tokens_;
  std::string code_;
  std::chrono::local_seconds begins_{};
  int asked_ = 0;
};

std::string Place::record() {
  std::string text;
  std::FILE* file = std::fopen(source_file("tests/fuzz/season/record.json").c_str(), "rb");
  if (file == nullptr) std::abort();
  for (int c; (c = std::fgetc(file)) != EOF;) text += static_cast<char>(c);
  std::fclose(file);
  return text;
}

void put_code(std::string& text, const std::string& code) {
  for (std::size_t at; (at = text.find("{code}")) != std::string::npos;) text.replace(at, 6, code);
}

bool left_out(const http::Request& request) {
  if (request.method == "POST" && request.path == "/v1/jobs") return true;
  if (request.method == "POST" && request.path == "/v1/sessions") return true;
  return request.path.starts_with("/v1/accounts") && request.method != "GET" &&
         request.body.find("password") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Place place;
  std::string text(reinterpret_cast<const char*>(data), size);
  put_code(text, place.code());
  const std::size_t end = text.find('\n');
  const std::size_t space = text.find(' ');
  if (end == std::string::npos || space < 2 || space >= end) return 0;
  http::Request request;
  request.method = text.substr(1, space - 1);
  request.body = text.substr(end + 1);
  if (!http::read_target(std::string_view(text).substr(space + 1, end - space - 1), request)) return 0;
  request.routing = api::classify(request);
  if (left_out(request)) return 0;
  const http::Response answer = place.ask(request, text.front());
  if (answer.status >= 500 && answer.status != 503) {  // what is still being reckoned is away for a moment
    std::fprintf(stderr, "%d %s\n", answer.status, answer.body.c_str());
    std::abort();
  }
  std::string wire;
  http::append_response(request, answer, {true, false, "Sat, 28 Nov 2026 00:00:00 GMT"}, wire);
  return 0;
}
