#include "server/service_host.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "datasets/policy_pack.hpp"
#include "datasets/season_of_city.hpp"
#include "engine/policy/moment.hpp"
#include "geo/input_error.hpp"
#include "server/access/fetch.hpp"
#include "server/access/oidc_file.hpp"
#include "server/api/door.hpp"
#include "server/imports/import_desk.hpp"
#include "server/outlook/outlook_desk.hpp"
#include "server/plans/job_desk.hpp"
#include "server/plans/plan_desk.hpp"
#include "server/store/outbox.hpp"

namespace catchment {
namespace {

constexpr std::string_view kAccountsKey = "accounts";
constexpr int kLostStore = 4;  // the process's exit code
constexpr int kMessagesAtOnce = 100;
constexpr std::chrono::seconds kTendEvery{1};
constexpr int kSweepEvery = 600;  // rounds of tending
constexpr std::chrono::seconds kWatchEvery{1};
constexpr std::chrono::seconds kUnseen{5};  // a store that long silent is no use to anybody
// Of an address, which a whole carrier's customers may share; a phone has a limit of its own.
constexpr access::RateRule kPerAddress{300, std::chrono::seconds(1)};

// No abort, as the store's own would be: a core holds what the store seals.
void end_for_lost_store(const std::string& why) {
  std::fprintf(stderr, "catchmentd: the store is lost: %s; nothing of it was acknowledged, ending\n", why.c_str());
  std::_Exit(kLostStore);
}

store::StoreOptions store_options() {
  store::StoreOptions options;
  options.on_lost = end_for_lost_store;
  return options;
}

void ensure_key(access::KeyRing& ring, std::string_view label, access::SealSuite suite) {
  if (ring.find(label) == nullptr) ring.add(label, suite);
}

std::filesystem::path importer_of(const HostOptions& options) {
  const auto program = options.importer.empty()
                           ? std::filesystem::read_symlink("/proc/self/exe").parent_path() / "catchment"
                           : std::filesystem::absolute(options.importer);
  if (!std::filesystem::is_regular_file(program))
    throw InputError("importer", program.string(), "is not there: uploads need the program catchment (--importer)");
  return program;
}

std::chrono::local_seconds time_of(const char* code, const std::string& text) {
  const auto time = engine::policy::find_time(text);
  if (!time) throw InputError(code, text, "is no time such as 2024-06-11T08:00");
  return *time;
}

// The tickets' key follows from the ring's, so a restart knows the tickets it gave.
http::WaitingOptions door_options(const HostOptions& options, const access::Key32& key) {
  http::WaitingOptions door;
  door.key = access::derive_key(access::HmacKind::sha256, key, "waiting tickets").view();
  door.opens_at = time_of("door_opens", options.door_opens);
  door.per_second = options.door_rate;
  return door;
}

void load_as_at_a_start(const std::filesystem::path& package) {
  api::OpenOptions options;
  options.package = package;
  api::open_city(options, [](const std::string&) {});
}

// The pack's year; in a rehearsal on another year's zones, the newest that the package has.
int year_of(const datasets::CityPackage& package, int wanted, bool rehearsal) {
  int newest = 0;
  for (const engine::LayerKey& layer : package.layers()) {
    if (layer.school_year == wanted) return wanted;
    newest = std::max(newest, layer.school_year);
  }
  return rehearsal && newest != 0 ? newest : wanted;
}

int plans_year_of(const datasets::CityPackage& package, int wanted, bool rehearsal) {
  int newest = 0;
  for (const engine::AdmissionPlan& plan : package.admission_plans()) {
    if (plan.school_year == wanted) return wanted;
    newest = std::max(newest, plan.school_year);
  }
  return rehearsal && newest != 0 ? newest : wanted;
}

// Homes by an address of the city, or in a rehearsal by zone and place.
desk::FoundHome find_home_in(const api::CityService& city, const datasets::CityGrid* grid, bool rehearsal,
                             int school_year, const std::string& level, const desk::Home& home) {
  desk::FoundHome found;
  if (home.address_id.empty()) {
    if (!rehearsal) throw desk::Refused(422, "home_unknown", "Choose an address of the city.", "", "/home/address_id");
    found.zone_id = home.zone_id, found.x_m = home.x_m, found.y_m = home.y_m;
    found.dwelling = std::to_string(home.x_m) + "/" + std::to_string(home.y_m);
    return found;
  }
  const auto entry = city.names->find_id(home.address_id);
  if (!entry) throw desk::Refused(422, "home_unknown", "The city has no such address.", "", "/home/address_id");
  found.dwelling = home.address_id;
  for (const datasets::LayerFinder& layer : city.finders) {
    if (layer.key.school_year != school_year || engine::to_word(layer.key.stage) != level) continue;
    const engine::FinderAnswer answer = layer.finder.find_entry(*entry, {});
    if (answer.status == engine::FinderStatus::definite && answer.schools.size() == 1)
      found.school_id = answer.schools.front().school_id;
    if (answer.place && grid != nullptr) {
      const datasets::CityGrid::Metres at = grid->metres(*answer.place);
      found.x_m = at.x_m, found.y_m = at.y_m;
    }
  }
  return found;
}

}  // namespace

struct ServiceHost::Parts {
  api::ServiceClock clock;
  store::Store store;
  access::KeyRing ring;
  access::FieldSeal seal;
  std::optional<datasets::CityGrid> grid;
  std::unique_ptr<desk::Desk> desk;
  std::unique_ptr<access::Sessions> sessions;
  std::unique_ptr<access::Accounts> accounts;
  std::unique_ptr<access::Guardians> guardians;
  std::unique_ptr<access::FileSender> sender;
  std::unique_ptr<plans::PlanDesk> plans;
  std::unique_ptr<plans::JobDesk> jobs;
  std::unique_ptr<outlook::OutlookDesk> outlook;
  std::unique_ptr<api::Door> door;
  std::unique_ptr<access::OidcClient> oidc;
  std::unique_ptr<imports::ImportDesk> imports;
  std::unique_ptr<api::Service> service;

  std::mutex mutex;
  std::condition_variable wake;
  bool messages = false, stop = false;
  std::thread tending, watching;
  std::atomic<bool> at_hand{true};  // the last look ended well
  std::atomic<std::chrono::steady_clock::time_point> looked{std::chrono::steady_clock::now()};  // when one ended

  explicit Parts(const HostOptions& options)
      : clock(options.rehearsal),
        store(store::Store::open(options.store, store_options())),
        ring(options.keys, access::system_randomness()),
        seal(ring, access::system_randomness()) {}

  // There is a message to send.
  void call() {
    const std::lock_guard lock(mutex);
    messages = true;
    wake.notify_all();
  }

  void tend(const std::function<void(const std::string&)>& say) {
    std::unique_lock lock(mutex);
    for (int round = 1; !stop; ++round) {
      wake.wait_for(lock, kTendEvery, [this] { return stop || messages; });
      messages = false;
      lock.unlock();
      try {
        deliver();
        if (round % kSweepEvery == 0) store.write([this](store::Session& session) { sessions->sweep(session); });
      } catch (const std::exception& error) {
        say(std::string("Tending failed: ") + error.what());
      }
      lock.lock();
    }
  }

  // A command that changes nothing, so that the writer learns that its connection is lost although nobody writes.
  void watch(const std::function<void(const std::string&)>& say) {
    const auto look = [](store::Session& session) { session.run("select 1"); };
    std::unique_lock lock(mutex);
    while (!stop) {
      lock.unlock();
      bool well = true;
      try {
        store.write(look);
        store.read(look);
      } catch (const std::exception& error) {
        well = false;
        if (at_hand) say(std::string("The store is away: ") + error.what());
      }
      if (well && !at_hand) say("The store is back.");
      at_hand = well, looked = std::chrono::steady_clock::now();
      lock.lock();
      wake.wait_for(lock, kWatchEvery, [this] { return stop; });
    }
  }

  void deliver() {
    if (!sender) return;
    store::deliver_due(store, clock.now(), kMessagesAtOnce,
                       [this](const store::OutboxMessage& message) { return guardians->deliver(message, *sender); });
  }
};

ServiceHost::ServiceHost(const HostOptions& options, const api::CityService& city, const std::filesystem::path& package,
                         const std::function<void(const std::string&)>& say)
    : parts_(std::make_unique<Parts>(options)) {
  Parts& p = *parts_;
  const access::Randomness randomness = access::system_randomness();
  if (!options.clock.empty()) p.clock.start(time_of("clock", options.clock));
  const auto suite = options.sm_suite ? access::SealSuite::sm4_sm3 : access::SealSuite::aes_gcm;
  ensure_key(p.ring, kAccountsKey, suite);
  desk::DeskSetup setup;
  setup.pack = datasets::load_policy_pack(options.policy);
  setup.season = setup.pack.id;
  if (p.ring.destroyed(setup.season))
    throw InputError("season_purged", setup.season, "this season is over and its key destroyed");
  ensure_key(p.ring, setup.season, suite);
  int year = setup.pack.school_year;
  if (options.season.empty()) {
    const datasets::CityPackage open = datasets::CityPackage::open(package);
    p.grid.emplace(open.campuses());
    year = year_of(open, year, options.rehearsal);
    setup.world = datasets::season_of_city(open, setup.pack.id, year,
                                           plans_year_of(open, setup.pack.school_year, options.rehearsal));
  } else {
    setup.world = datasets::read_season_setup(options.season);
  }
  setup.find_home = [&p, &city, rehearsal = options.rehearsal, year](const std::string& level, const desk::Home& home) {
    return find_home_in(city, p.grid ? &*p.grid : nullptr, rehearsal, year, level, home);
  };
  p.desk = std::make_unique<desk::Desk>(std::move(setup), p.ring, p.seal, randomness);
  const access::Clock clock = [&p] { return p.clock.now(); };
  const access::Key32 csrf = access::derive_key(access::HmacKind::sha256, p.ring.find(kAccountsKey)->key, "csrf");
  p.sessions = std::make_unique<access::Sessions>(p.store, clock, randomness, csrf);
  access::AccountRules account_rules;
  account_rules.codes = [] { return api::ServiceClock(false).now(); };
  p.accounts = std::make_unique<access::Accounts>(p.store, *p.sessions, p.ring, clock, randomness, account_rules);
  access::GuardianRules rules;
  rules.season = p.desk->season();
  rules.per_address = rules.tries_per_address = kPerAddress;
  p.guardians = std::make_unique<access::Guardians>(p.store, *p.sessions, p.ring, clock, randomness, rules);
  if (!options.texts.empty()) p.sender = std::make_unique<access::FileSender>(options.texts);
  p.plans = std::make_unique<plans::PlanDesk>(plans::PlanDeskOptions{.package = package, .rules = options.rules});
  p.jobs = std::make_unique<plans::JobDesk>(p.store, *p.plans, clock);
  p.outlook =
      std::make_unique<outlook::OutlookDesk>(outlook::OutlookOptions{.package = package, .rules = options.rules});
  if (!options.door_opens.empty())
    p.door = std::make_unique<api::Door>(door_options(options, p.ring.find(kAccountsKey)->key), clock);
  if (!options.oidc.empty())
    p.oidc = std::make_unique<access::OidcClient>(access::read_oidc_file(options.oidc, options.public_url), p.ring,
                                                  account_rules.codes, randomness, access::fetch_over_network);
  if (!options.mappings.empty())
    p.imports = std::make_unique<imports::ImportDesk>(imports::ImportOptions{
        package, importer_of(options), options.mappings, options.new_packages, load_as_at_a_start});
  p.service = std::make_unique<api::Service>(
      api::Service{p.clock, p.store, p.ring, p.seal, randomness, *p.sessions, *p.accounts, *p.guardians, *p.desk,
                   [&p] { p.call(); }, p.plans.get(), p.jobs.get(), p.outlook.get(), p.door.get(), p.oidc.get()});
  p.service->imports = p.imports.get();
  p.store.write(
      [&](store::Session& session) { p.desk->begin(session); });  // the season is in memory before anybody asks
  p.tending = std::thread([&p, say] { p.tend(say); });
  p.watching = std::thread([&p, say] { p.watch(say); });
  say("Season " + p.desk->season() + (options.rehearsal ? ", a rehearsal: its clock can be set." : "."));
}

ServiceHost::~ServiceHost() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stop = true;
  }
  parts_->wake.notify_all();
  for (std::thread* thread : {&parts_->tending, &parts_->watching}) {
    if (thread->joinable()) thread->join();
  }
}

api::Service& ServiceHost::service() { return *parts_->service; }

bool ServiceHost::ready() const {
  return parts_->at_hand && std::chrono::steady_clock::now() - parts_->looked.load() < kUnseen;
}

}  // namespace catchment
