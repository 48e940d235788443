#include "datasets/season_output.hpp"

#include <unistd.h>
#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <system_error>
#include <thread>

#include "datasets/plain_rows.hpp"
#include "datasets/season_files.hpp"
#include "datasets/season_tables_of_run.hpp"
#include "engine/admission/lottery/waiting_list.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

namespace admission = engine::admission;
using admission::kNobody;

constexpr std::string_view kOutcomesHeader =
    "child_id,level,stage,school_id,way,clause,reason,entered_by,category,eligibility_clause,zone_school,tier,key_0,"
    "key_1,"
    "key_2,key_3,key_4,key_5,ticket,rank,margin_by,margin,x_m,y_m,metres,wanted,class";
constexpr std::string_view kOverflowHeader = "child_id,level,round,tier,place";
constexpr std::string_view kEventsHeader = "level,at,event,child_id,school_id,approver,second,number";

std::string_view criterion_word(admission::Criterion by) {
  constexpr std::array<std::string_view, 5> kWords{"", "tier", "key", "ticket", "bundle"};
  return kWords.at(static_cast<std::size_t>(by));
}

std::string_view school_word(const LevelInput& level, std::uint32_t school) {
  return school == kNobody ? std::string_view{} : std::string_view(level.input.schools[school].id);
}

void put_outcome(PlainWriter& out, const SeasonRun& run, std::size_t l, std::uint32_t child) {
  const LevelInput& level = run.levels[l];
  const admission::RunResult& result = run.results[l];
  const admission::RunChild& who = level.input.children[child];
  const admission::ChildState& state = result.season.children()[child];
  const admission::ChildAnswer& answer = result.answers[child];
  const bool drawn = result.tickets[child] != admission::Ticket{};
  out.put(admission::view(who.code)).put(level.input.level).put(admission::to_word(state.stage));
  out.put(school_word(level, state.seat)).put(answer.way).put(answer.clause).put(answer.reason);
  out.put(admission::to_word(who.way)).put(level.categories[child]).put(who.clause);
  out.put(school_word(level, who.zone_school)).put(std::int64_t{who.tier});
  for (const std::int64_t key : who.keys) out.put(key);
  out.put(drawn ? admission::to_hex(result.tickets[child]) : std::string()).put(std::int64_t{answer.rank});
  out.put(criterion_word(answer.margin.by)).put(answer.margin.amount);
  out.put(std::int64_t{who.x_m}).put(std::int64_t{who.y_m}).put(std::int64_t{answer.metres});
  out.put(school_word(level, answer.wanted)).put(std::int64_t{answer.school_class}).end_row();
}

void put_events(PlainWriter& out, const LevelInput& level, const admission::RunResult& result) {
  const auto official = [](std::uint32_t who) { return who == kNobody ? std::optional<int>() : static_cast<int>(who); };
  for (const admission::SeasonEvent& event : result.season.log().events) {
    out.put(level.input.level).put_time(event.at).put(admission::to_word(event.kind));
    out.put(event.child == kNobody ? std::string_view{} : admission::view(level.input.children[event.child].code));
    out.put(school_word(level, event.school)).put(official(event.approver)).put(official(event.second));
    out.put(std::int64_t{event.number}).end_row();
  }
}

void write_text(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw std::system_error(std::make_error_code(std::errc::io_error), file.string());
}

// Who gave up a drawn seat and who came in for it, of each school.
struct PassedOn {
  std::vector<admission::GoneChild> gone;
  std::vector<admission::PromotedChild> promotions;
};

std::vector<PassedOn> seats_passed_on(const LevelInput& level, const admission::RunResult& result) {
  std::vector<PassedOn> passed(level.input.schools.size());
  std::vector<std::uint32_t> choice(level.input.children.size(), kNobody);
  for (const admission::SeasonEvent& event : result.season.log().events) {
    using Kind = admission::SeasonEventKind;
    if (event.kind == Kind::choose_private) choice[event.child] = event.school;
    if (event.kind != Kind::forfeit && event.kind != Kind::promote) continue;
    const admission::Code& code = level.input.children[event.child].code;
    PassedOn& of = passed[choice[event.child]];
    if (event.kind == Kind::forfeit) of.gone.push_back({event.at, code});
    if (event.kind == Kind::promote) of.promotions.push_back({event.at, 0, code});
  }
  return passed;
}

void write_waiting_list(const std::filesystem::path& at, const admission::RunDraw& draw, PassedOn passed) {
  std::map<admission::Code, int> ranks;
  for (const admission::ResultLine& line : admission::parse_result(draw.files.result)) ranks[line.code] = line.rank;
  for (admission::PromotedChild& p : passed.promotions) p.rank = ranks.at(p.code);
  std::ranges::sort(passed.gone, {}, [](const auto& g) { return std::tie(g.at, g.code); });
  std::ranges::sort(passed.promotions, {}, [](const auto& p) { return std::tie(p.at, p.rank, p.code); });
  write_text(at / "gone.tsv", admission::print(passed.gone));
  write_text(at / "promotions.tsv", admission::print(passed.promotions));
}

void write_draws(const std::filesystem::path& folder, const LevelInput& level, const admission::RunResult& result) {
  std::vector<PassedOn> passed = seats_passed_on(level, result);
  for (const admission::RunDraw& draw : result.draws) {
    const std::filesystem::path at = folder / "draws" / draw.id;
    std::filesystem::create_directories(at);
    write_text(at / "manifest.txt", draw.files.manifest), write_text(at / draw.files.list_name, draw.files.list);
    write_text(at / "ceremony.txt", draw.files.ceremony), write_text(at / "result.tsv", draw.files.result);
    if (!draw.files.deal.empty()) write_text(at / "deal.tsv", draw.files.deal);
    if (draw.kind == "private") write_waiting_list(at, draw, std::move(passed[draw.school]));
  }
}

std::string run_text(const SeasonRun& run) {
  std::string text = "policy: " + run.pack.id + "\nseed: " + std::to_string(run.seed) + "\n";
  for (const LevelInput& level : run.levels) {
    const bool strict = level.run.rules.overflow == admission::OverflowRule::no_leapfrog;
    text += "level: " + level.input.level + "\noverflow: " + (strict ? "no_leapfrog" : "least_walk") + "\norder:";
    for (const admission::OrderKey& key : level.run.rules.zone_order.keys)
      text += " " + std::to_string(key.key) + (key.higher_first ? "-" : "+");
    text += "\npoints_order:";
    for (const admission::OrderKey& key : level.run.rules.points_order.keys)
      text += " " + std::to_string(key.key) + (key.higher_first ? "-" : "+");
    text += "\nclass_cap:";
    for (std::size_t i = 0; i < 1 && !level.input.schools.empty(); ++i)
      text += " " + std::to_string(level.input.schools[i].class_cap);
    text += "\nleft_open:";
    for (const std::string& word : level.run.filled) text += " " + word;
    text += "\n";
  }
  return text + "synthetic: " + (run.dir.tables.season.front().synthetic ? "yes" : "no") + "\n";
}

void write_plain_tables(const std::filesystem::path& folder, const SeasonRun& run) {
  PlainWriter outcomes(folder / "outcomes.csv", kOutcomesHeader), overflow(folder / "overflow.csv", kOverflowHeader),
      events(folder / "events.csv", kEventsHeader), sites(folder / "sites.csv", "school_id,x_m,y_m");
  for (std::size_t l = 0; l < run.levels.size(); ++l) {
    const LevelInput& level = run.levels[l];
    for (std::uint32_t child = 0; child < level.input.children.size(); ++child) put_outcome(outcomes, run, l, child);
    put_events(events, level, run.results[l]);
    for (const admission::OverflowRow& row : run.results[l].overflow) {
      overflow.put(admission::view(level.input.children[row.child].code)).put(level.input.level);
      overflow.put(std::int64_t{row.round}).put(std::int64_t{row.tier}).put(std::int64_t{row.place}).end_row();
    }
    for (const admission::RunSchool& s : level.input.schools)
      sites.put(s.id).put(std::int64_t{s.x_m}).put(std::int64_t{s.y_m}).end_row();
  }
  outcomes.close(), overflow.close(), events.close(), sites.close();
}

}  // namespace

std::vector<admission::ColumnName> season_run_columns() {
  std::vector<admission::ColumnName> columns;
  for (const std::string_view name : names_in(kOutcomesHeader)) columns.push_back({"outcomes.csv", name});
  for (const std::string_view name : names_in(kOverflowHeader)) columns.push_back({"overflow.csv", name});
  for (const std::string_view name : names_in(kEventsHeader)) columns.push_back({"events.csv", name});
  return columns;
}

bool write_season_run(const std::filesystem::path& out, const SeasonRun& run, const std::function<bool()>& cancelled) {
  namespace fs = std::filesystem;
  const bool there = fs::exists(out);
  if (there && !fs::exists(out / "run.txt") && !(fs::is_directory(out) && fs::is_empty(out)))
    throw InputError("season_output", out.string(), "is there and is not the output of a run");
  const fs::path beside = out.string() + ".partial-" + std::to_string(::getpid());
  fs::remove_all(beside);
  fs::create_directories(beside);
  const auto give_up = [&beside] { return fs::remove_all(beside), false; };
  try {
    // The tables that audits read, and beside them what only the checker does: about the same work.
    std::exception_ptr failed;
    std::thread tables([&] {
      try {
        write_season_tables(beside, tables_of_run(run));
      } catch (...) {
        failed = std::current_exception();
      }
    });
    const auto joined = [&tables](auto&& work) {
      try {
        work();
      } catch (...) {
        tables.join();
        throw;
      }
      tables.join();
    };
    joined([&] {
      write_plain_tables(beside, run);
      for (std::size_t l = 0; l < run.levels.size(); ++l) {
        if (!cancelled()) write_draws(beside, run.levels[l], run.results[l]);
      }
      write_text(beside / "run.txt", run_text(run));
    });
    if (failed) std::rethrow_exception(failed);
    if (cancelled()) return give_up();
  } catch (...) {
    give_up();
    throw;
  }
  const fs::path old = out.string() + ".old-" + std::to_string(::getpid());
  if (there) fs::rename(out, old);
  fs::rename(beside, out);
  if (there) fs::remove_all(old);
  return true;
}

}  // namespace catchment::datasets
