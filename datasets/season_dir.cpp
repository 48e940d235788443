#include "datasets/season_dir.hpp"

#include "datasets/plain_rows.hpp"
#include "datasets/season_files.hpp"
#include "engine/admission/season/season_run.hpp"
#include "geo/input_error.hpp"

namespace catchment::datasets {
namespace {

constexpr std::string_view kSitesHeader = "school_id,x_m,y_m";
constexpr std::string_view kTruthHeader = "child_id,situation,expected";
constexpr std::string_view kFamiliesHeader =
    "child_id,unit,family,dwelling,x_m,y_m,namesake,hukou,hukou_with,hukou_since_birth,hukou_here,property,"
    "grandparents_property,permit,residence_months,lawful_work,lawful_home,hukou_since,property_since,permit_since,"
    "points,claim,claim_way,granted,registers,amends,on_site,late,chooses,mistaken,choice,answers_private,answers_"
    "public,moves,"
    "transfers,transfers_to,reports,returns";

SeasonFamily family_of(const PlainRow& row) {
  SeasonFamily f;
  std::size_t i = 0;
  f.child_id = row.text(i++), f.unit = row.text(i++);
  f.family = row.number_at(i++), f.dwelling = row.number_at(i++);
  f.x_m = row.number_at(i++), f.y_m = row.number_at(i++), f.namesake = row.number_at(i++);
  f.hukou = row.flag(i++), f.hukou_with = row.text(i++), f.hukou_since_birth = row.flag(i++);
  f.hukou_here = row.flag(i++), f.property = row.flag(i++), f.grandparents_property = row.flag(i++);
  f.permit = row.text(i++), f.residence_months = row.number_at(i++);
  f.lawful_work = row.flag(i++), f.lawful_home = row.flag(i++);
  f.hukou_since = row.maybe_day(i++), f.property_since = row.maybe_day(i++), f.permit_since = row.maybe_day(i++);
  f.points = row.number_at(i++), f.claim = row.text(i++), f.claim_way = row.text(i++);
  f.granted = row.flag(i++);
  f.registers = row.maybe_number(i++), f.amends = row.maybe_number(i++), f.on_site = row.maybe_number(i++);
  f.late = row.maybe_number(i++), f.chooses = row.maybe_number(i++), f.mistaken = row.flag(i++);
  f.choice = row.text(i++), f.answers_private = row.maybe_number(i++), f.answers_public = row.maybe_number(i++);
  f.moves = row.maybe_number(i++), f.transfers = row.maybe_number(i++), f.transfers_to = row.text(i++);
  f.reports = row.maybe_number(i++), f.returns = row.maybe_number(i++);
  return f;
}

void put_family(PlainWriter& out, const SeasonFamily& f) {
  out.put(f.child_id).put(f.unit).put(std::int64_t{f.family}).put(std::int64_t{f.dwelling});
  out.put(std::int64_t{f.x_m}).put(std::int64_t{f.y_m}).put(std::int64_t{f.namesake});
  out.put_flag(f.hukou).put(f.hukou_with).put_flag(f.hukou_since_birth).put_flag(f.hukou_here);
  out.put_flag(f.property).put_flag(f.grandparents_property).put(f.permit).put(std::int64_t{f.residence_months});
  out.put_flag(f.lawful_work).put_flag(f.lawful_home);
  out.put_day(f.hukou_since).put_day(f.property_since).put_day(f.permit_since).put(std::int64_t{f.points});
  out.put(f.claim).put(f.claim_way).put_flag(f.granted);
  out.put(f.registers).put(f.amends).put(f.on_site).put(f.late).put(f.chooses);
  out.put_flag(f.mistaken).put(f.choice).put(f.answers_private).put(f.answers_public).put(f.moves).put(f.transfers);
  out.put(f.transfers_to).put(f.reports).put(f.returns).end_row();
}

void check_children(const SeasonDir& dir) {
  const auto& children = dir.tables.children;
  if (children.size() != dir.families.size())
    throw InputError("season_family", "families.csv", "must have one line for each of children.csv");
  for (std::size_t i = 0; i < children.size(); ++i) {
    const std::string where = "families.csv:" + std::to_string(i + 2);
    if (children[i].child_id != dir.families[i].child_id)
      throw InputError("season_family", where + "#child_id", "children.csv has " + children[i].child_id + " here");
    engine::admission::Code code{};
    if (!engine::admission::parse_code(children[i].child_id, code))
      throw InputError("season_family", where + "#child_id", "not a code: " + children[i].child_id);
  }
}

}  // namespace

std::vector<engine::admission::ColumnName> season_dir_columns() {
  std::vector<engine::admission::ColumnName> columns;
  for (const std::string_view name : names_in(kSitesHeader)) columns.push_back({"sites.csv", name});
  for (const std::string_view name : names_in(kFamiliesHeader)) columns.push_back({"families.csv", name});
  for (const std::string_view name : names_in(kTruthHeader)) columns.push_back({"truth.csv", name});
  return columns;
}

SeasonDir read_season_dir(const std::filesystem::path& folder) {
  SeasonDir dir;
  dir.tables = read_season_tables(folder);
  read_plain_rows(folder / "sites.csv", kSitesHeader, [&](const PlainRow& row) {
    dir.sites.push_back({row.text(0), row.number_at(1), row.number_at(2)});
  });
  dir.families.reserve(dir.tables.children.size());
  read_plain_rows(folder / "families.csv", kFamiliesHeader,
                  [&](const PlainRow& row) { dir.families.push_back(family_of(row)); });
  if (std::filesystem::exists(folder / "truth.csv")) {
    read_plain_rows(folder / "truth.csv", kTruthHeader, [&](const PlainRow& row) {
      dir.truth.push_back({row.text(0), row.text(1), row.text(2)});
    });
  }
  check_children(dir);
  return dir;
}

void write_season_dir(const std::filesystem::path& folder, const SeasonDir& dir) {
  write_season_tables(folder, dir.tables);
  PlainWriter sites(folder / "sites.csv", kSitesHeader), families(folder / "families.csv", kFamiliesHeader),
      truth(folder / "truth.csv", kTruthHeader);
  for (const SeasonSite& s : dir.sites) {
    sites.put(s.school_id).put(std::int64_t{s.x_m}).put(std::int64_t{s.y_m}).end_row();
  }
  for (const SeasonFamily& f : dir.families) put_family(families, f);
  for (const SeasonTruth& t : dir.truth) truth.put(t.child_id).put(t.situation).put(t.expected).end_row();
  sites.close(), families.close(), truth.close();
}

}  // namespace catchment::datasets
