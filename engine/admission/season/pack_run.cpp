#include "engine/admission/season/pack_run.hpp"

#include <algorithm>

#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

using policy::PolicyPack;
using policy::Sector;
using policy::WindowKind;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;
using PackTime = std::chrono::local_seconds;

bool of_stage(const std::vector<Stage>& stages, Stage stage) {
  return stages.empty() || std::ranges::find(stages, stage) != stages.end();
}

bool of_sector(Sector of, Sector wanted) { return of == Sector::any || of == wanted; }

WindowTimes times_of(const policy::Window& window, const policy::Span& span) {
  WindowTimes times;
  times.from = span.opens_inclusive ? begin_of(span.opens) : end_of(span.opens);
  times.until = (span.closes_inclusive ? end_of(span.closes) : begin_of(span.closes)) - seconds(1);
  if (window.daily) times.open_minute = window.daily->from, times.close_minute = window.daily->to;
  return times;
}

bool is_desk(const PolicyPack& pack, const policy::Window& window) {
  return std::ranges::any_of(window.channels, [&](const std::string& id) {
    return std::ranges::any_of(pack.channels,
                               [&](const policy::Channel& c) { return c.id == id && c.kind == "on_site"; });
  });
}

// One level of a pack being read.
struct PackReader {
  const PolicyPack& pack;
  Stage stage;
  PackRun run{};

  WindowTimes& window(SeasonWindow w) { return run.rules.season.windows[static_cast<std::size_t>(w)]; }

  const policy::Window* find(WindowKind kind, Sector sector, std::optional<bool> desk) const {
    for (const policy::Window& w : pack.calendar.windows) {
      if (w.kind != kind || !of_stage(w.stages, stage) || !of_sector(w.sector, sector)) continue;
      if (!desk || *desk == is_desk(pack, w)) return &w;
    }
    return nullptr;
  }

  // A batch is in force as far as its window reaches.
  void set_batches(SeasonWindow w, const policy::Window& named) {
    auto& own = run.batches[static_cast<std::size_t>(w)];
    const WindowTimes whole = times_of(named, named.span);
    for (const policy::Batch& batch : named.batches) {
      WindowTimes times = times_of(named, batch.span);
      times.from = std::max(times.from, whole.from), times.until = std::min(times.until, whole.until);
      for (const std::string& district : batch.districts) {
        if (std::ranges::find(own, district, &std::pair<std::string, WindowTimes>::first) != own.end())
          throw InputError("season_policy", pack.id,
                           "window " + named.id + ": a season runs one batch a district, and " + district + " has two");
        own.emplace_back(district, times);
      }
    }
  }

  void set(SeasonWindow w, const policy::Window* named, PackTime from, PackTime until) {
    if (named != nullptr) {
      window(w) = times_of(*named, named->span);
      if (w == SeasonWindow::on_site || w == SeasonWindow::private_choice || w == SeasonWindow::late)
        set_batches(w, *named);
    } else {
      window(w).from = from, window(w).until = std::max(from, until);
      run.filled.emplace_back(to_word(w));
    }
  }
};

const std::string& first_clause(const PolicyPack& pack) {
  static const std::string kNone;
  return pack.documents.empty() || pack.documents.front().clauses.empty() ? kNone
                                                                          : pack.documents.front().clauses.front().id;
}

template <class Entries>
std::string clause_of_entries(const Entries& entries, const std::string& otherwise) {
  return entries.empty() || entries.front().clause.empty() ? otherwise : entries.front().clause;
}

template <class Entries>
std::string clause_of_level(const Entries& entries, Stage stage, Sector sector, const std::string& otherwise) {
  for (const auto& entry : entries) {
    if (of_stage(entry.stages, stage) && of_sector(entry.sector, sector)) return entry.clause;
  }
  return otherwise;
}

void set_clauses(PackReader& reader, const policy::Window& online, const policy::Window* desk) {
  const PolicyPack& pack = reader.pack;
  SeasonRules& season = reader.run.rules.season;
  const auto put = [&](SeasonHook hook, std::string clause) {
    season.clauses[static_cast<std::size_t>(hook)] = std::move(clause);
  };
  std::string general = online.clause.empty() ? first_clause(pack) : online.clause;
  const std::string filling = clause_of_level(pack.filling, reader.stage, Sector::public_school, general);
  const std::string draw = clause_of_level(pack.draws, reader.stage, Sector::private_school, filling);
  const std::string confirm = clause_of_level(pack.confirmations, reader.stage, Sector::private_school, draw);
  const std::string lock = clause_of_entries(pack.locks, filling);
  put(SeasonHook::registration, general);
  put(SeasonHook::on_site, desk != nullptr ? desk->clause : clause_of_entries(pack.late, general));
  put(SeasonHook::late, clause_of_entries(pack.late, general));
  put(SeasonHook::evidence, clause_of_entries(pack.channels, general));
  put(SeasonHook::private_choice, clause_of_entries(pack.private_schools.choices, general));
  put(SeasonHook::direct_promotion, clause_of_entries(pack.private_schools.direct_promotion, lock));
  put(SeasonHook::draw, draw), put(SeasonHook::waiting_list, draw);
  put(SeasonHook::confirm, confirm), put(SeasonHook::forfeit, confirm);
  put(SeasonHook::public_guarantee, clause_of_entries(pack.overflow, filling));
  put(SeasonHook::offer, filling), put(SeasonHook::seat_lock, lock);
  put(SeasonHook::release, lock), put(SeasonHook::transfer, lock);
  put(SeasonHook::plan, clause_of_entries(pack.seat_plans, filling));
  put(SeasonHook::dwelling, clause_of_entries(pack.dwelling_locks, lock));
  put(SeasonHook::classes, clause_of_entries(pack.class_rules, general));
  put(SeasonHook::report, clause_of_entries(pack.notices, general));
  put(SeasonHook::dropout, clause_of_entries(pack.ledgers, general));
  put(SeasonHook::deferral, clause_of_entries(pack.deferrals, general));
  reader.run.rules.zone_within = reader.run.rules.zone_beyond = filling;
  reader.run.rules.points_within = reader.run.rules.points_beyond = clause_of_entries(pack.points_tables, filling);
  reader.run.rules.overflow_clause = clause_of_entries(pack.overflow, filling);
}

void set_windows(PackReader& reader, const policy::Window& online, const policy::Window* desk) {
  const auto term = PackTime(std::chrono::local_days(std::chrono::year(reader.pack.school_year) / 9 / 1));
  reader.window(SeasonWindow::online) = times_of(online, online.span);
  reader.set_batches(SeasonWindow::online, online);
  const PackTime closed = reader.window(SeasonWindow::online).until + seconds(1);
  reader.set(SeasonWindow::on_site, desk, closed, closed + days(7) - seconds(1));
  const policy::Window* choice = reader.find(WindowKind::private_choice, Sector::private_school, {});
  if (choice == nullptr) choice = reader.find(WindowKind::registration, Sector::private_school, {});
  reader.set(SeasonWindow::private_choice, choice, reader.window(SeasonWindow::online).from, closed - seconds(1));
  RunTimes& times = reader.run.rules.times;
  times.claims = reader.window(SeasonWindow::private_choice).from;
  times.draw = reader.window(SeasonWindow::private_choice).until + seconds(1);
  for (const policy::Draw& draw : reader.pack.draws) {
    if (!draw.on || !of_stage(draw.stages, reader.stage) || !of_sector(draw.sector, Sector::private_school)) continue;
    const PackTime at = PackTime(*draw.on) + hours(9);
    if (at < times.draw)
      throw InputError("season_policy", reader.pack.id, "a draw before the choices are in: " + draw.id);
    times.draw = at;
    break;
  }
  const policy::Window* confirm = reader.find(WindowKind::payment, Sector::private_school, {});
  if (confirm == nullptr) confirm = reader.find(WindowKind::seat_confirmation, Sector::private_school, {});
  reader.set(SeasonWindow::confirm, confirm, times.draw, times.draw + hours(33));
  WindowTimes& confirming = reader.window(SeasonWindow::confirm);
  confirming.from = std::max(confirming.from, times.draw);
  const PackTime settled = confirming.until + days(2);
  times.place = std::max({settled, closed, reader.window(SeasonWindow::on_site).until + seconds(1)});
  times.points = times.place + days(2), times.overflow = times.place + days(3);
  reader.set(SeasonWindow::accept, nullptr, times.place, times.place + days(5));
  times.lock = reader.window(SeasonWindow::accept).until + days(1);
  reader.set(SeasonWindow::late, reader.find(WindowKind::late_registration, Sector::public_school, {}), closed,
             times.lock - seconds(1));
  WindowTimes& late = reader.window(SeasonWindow::late);
  if (late.until > times.lock) times.lock = late.until + seconds(1);
  times.deal = times.lock + days(3);
  const PackTime first = std::max(term, times.deal + days(1));
  reader.set(SeasonWindow::report, reader.find(WindowKind::reporting, Sector::public_school, {}), first,
             first + days(3) - seconds(1));
  WindowTimes& report = reader.window(SeasonWindow::report);
  if (report.from < times.deal) report.until += times.deal + days(1) - report.from, report.from = times.deal + days(1);
  times.trace = report.until + days(7), times.close = times.trace + days(21);
}

OrderRule order_of(const PolicyPack& pack, Stage stage) {
  OrderRule order;
  for (const policy::Tier& tier : pack.tiers) {
    if (!of_stage(tier.stages, stage) || !of_sector(tier.sector, Sector::public_school)) continue;
    for (const policy::TieBreak& tie : tier.tie_breaks) {
      const std::size_t key = key_of(tie.by);
      if (tie.by == policy::OrderKey::ticket) break;
      const bool there = std::ranges::any_of(order.keys, [&](const OrderKey& k) { return k.key == key; });
      if (!there) order.keys.push_back({key, tie.descending, tier.clause});
    }
  }
  return order;
}

}  // namespace

std::size_t key_of(policy::OrderKey key) {
  return key == policy::OrderKey::ticket ? 0 : static_cast<std::size_t>(key) - 1;
}

std::optional<PackRun> run_of_pack(const PolicyPack& pack, Stage stage) {
  PackReader reader{pack, stage};
  const policy::Window* online = reader.find(WindowKind::registration, Sector::public_school, false);
  const policy::Window* desk = reader.find(WindowKind::registration, Sector::public_school, true);
  if (online == nullptr) online = std::exchange(desk, nullptr);
  if (online == nullptr) return std::nullopt;
  set_windows(reader, *online, desk);
  set_clauses(reader, *online, desk);
  RunRules& rules = reader.run.rules;
  rules.season.answer_term = hours(8);
  rules.season.dwelling_lock = std::ranges::any_of(
      pack.dwelling_locks, [&](const policy::DwellingLock& l) { return of_stage(l.stages, stage); });
  for (const policy::Draw& draw : pack.draws) {
    if (of_stage(draw.stages, stage)) rules.suite = draw.suite == policy::HashSuite::sm3 ? Suite::sm3 : Suite::sha256;
  }
  rules.zone_order = order_of(pack, stage);
  rules.points_order.keys = {{key_of(policy::OrderKey::points), true, rules.points_beyond}};
  for (const policy::ClassCap& cap : pack.class_caps) {
    if (cap.stage == stage && rules.class_cap_clause.empty()) rules.class_cap_clause = cap.clause;
  }
  return std::move(reader.run);
}

void number_districts(PackRun& run, std::span<const std::string> districts) {
  SeasonRules& season = run.rules.season;
  for (std::size_t w = 0; w < kSeasonWindows; ++w) {
    season.batches[w].clear();
    if (run.batches[w].empty()) continue;
    for (const std::string& district : districts) {
      const auto own = std::ranges::find(run.batches[w], district, &std::pair<std::string, WindowTimes>::first);
      season.batches[w].push_back(own != run.batches[w].end() ? own->second : season.windows[w]);
      if (own == run.batches[w].end())
        run.filled.push_back(std::string(to_word(static_cast<SeasonWindow>(w))) + " of " + district);
    }
  }
}

}  // namespace catchment::engine::admission
