#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "datasets/feature_file.hpp"
#include "server/cli/compare/compare_parts.hpp"
#include "server/cli/plan_output.hpp"
#include "server/cli/row_output.hpp"
#include "server/cli/shape_json.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

const std::vector<datasets::FeatureColumn>& columns() {
  static const std::vector<datasets::FeatureColumn> list{{"plan_before", "TEXT"},
                                                         {"plan_after", "TEXT"},
                                                         {"stage", "TEXT"},
                                                         {"from_year", "INTEGER"},
                                                         {"to_year", "INTEGER"},
                                                         {"unit", "TEXT"},
                                                         {"name", "TEXT"},
                                                         {"before", "TEXT"},
                                                         {"before_names", "TEXT"},
                                                         {"after", "TEXT"},
                                                         {"after_names", "TEXT"},
                                                         {"addresses", "INTEGER"},
                                                         {"households", "REAL"},
                                                         {"children_first_year", "REAL"},
                                                         {"children", "REAL"},
                                                         {"walk_before_m", "REAL"},
                                                         {"walk_after_m", "REAL"},
                                                         {"crossings_before", "INTEGER"},
                                                         {"crossings_after", "INTEGER"},
                                                         {"straight", "INTEGER"}};
  return list;
}

std::string schools_text(const PlanMoves& moves, const ComparedAnswer& answer, bool names) {
  std::string text;
  for (const ComparedIndex s : answer) {
    const ComparedSchool& school = moves.ground.schools[s];
    text += (text.empty() ? "" : names ? "、" : "+") + (names ? school.name : school.id);
  }
  return text;
}

// Children to a thousandth.
double children_of(std::int64_t parts) { return std::round(static_cast<double>(parts) / kWholeChild * 1000) / 1000; }

std::vector<datasets::FeatureValue> row_of(const PlanComparison& comparison, const PlanPair& pair,
                                           const UnitMove& move) {
  const Parcel& parcel = pair.moves.ground.parcels[move.parcel];
  const PlanCity& city = comparison.city();
  std::int64_t children = 0;
  for (const std::int64_t parts : move.children) children += parts;
  const auto metres = [](const std::optional<int>& m) { return m ? static_cast<double>(*m) : kUnknown; };
  const auto crossed = [](const std::array<int, 3>& c) { return std::int64_t{c[0] + c[1] + c[2]}; };
  const auto label = [&](std::size_t i) { return i == 0 ? std::string("in_force") : comparison.plan(i).label; };
  return {label(pair.before),
          label(pair.after),
          std::string(engine::to_word(city.stages[move.stage])),
          std::int64_t{city.school_year(move.from)},
          std::int64_t{city.school_year(move.to - 1)},
          parcel.id,
          parcel.name,
          schools_text(pair.moves, move.before, false),
          schools_text(pair.moves, move.before, true),
          schools_text(pair.moves, move.after, false),
          schools_text(pair.moves, move.after, true),
          std::int64_t{parcel.addresses},
          parcel.households ? static_cast<double>(*parcel.households) : kUnknown,
          children_of(move.children.front()),
          children_of(children),
          metres(move.walk_m[kBefore]),
          metres(move.walk_m[kAfter]),
          crossed(move.crossings[kBefore]),
          crossed(move.crossings[kAfter]),
          std::int64_t{move.straight ? 1 : 0}};
}

const geo::MultiPolygon* shape_of(const PlanComparison& comparison, const PlanPair& pair, const UnitMove& move) {
  const Parcel& parcel = pair.moves.ground.parcels[move.parcel];
  const Side side = parcel.finer.value_or(kAfter);
  const std::size_t plan = side == kBefore ? pair.before : pair.after;
  return comparison.plan(plan).plan.city().units[parcel.unit[side]].shape.get();
}

template <class Visit>
void for_each_move(const PlanComparison& comparison, const Visit& visit) {
  for (const PlanPair& pair : comparison.pairs) {
    for (const UnitMove& move : pair.moves.units) {
      visit(shape_of(comparison, pair, move), row_of(comparison, pair, move));
    }
  }
}

// Numbers as short as they are.
std::string number_text(double value) { return std::isnan(value) ? "" : ordered_json(value).dump(); }

std::string to_csv(const PlanComparison& comparison) {
  std::string out;
  for (const datasets::FeatureColumn& column : columns()) out += (out.empty() ? "" : ",") + column.name;
  for_each_move(comparison, [&](const geo::MultiPolygon*, const std::vector<datasets::FeatureValue>& row) {
    out += '\n';
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (const auto* text = std::get_if<std::string>(&row[i])) append_csv(out, *text);
      if (const auto* number = std::get_if<double>(&row[i])) out += number_text(*number);
      if (const auto* whole = std::get_if<std::int64_t>(&row[i])) out += std::to_string(*whole);
    }
  });
  return out;
}

ordered_json value_json(const datasets::FeatureValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  const double number = std::get<double>(value);
  return std::isnan(number) ? ordered_json(nullptr) : ordered_json(number);
}

std::string to_geojson(const PlanComparison& comparison) {
  ordered_json features = ordered_json::array();
  for_each_move(comparison, [&](const geo::MultiPolygon* shape, const std::vector<datasets::FeatureValue>& row) {
    ordered_json properties = ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i) properties[columns()[i].name] = value_json(row[i]);
    features.push_back({{"type", "Feature"},
                        {"properties", std::move(properties)},
                        {"geometry", shape == nullptr ? ordered_json(nullptr) : shape_json(*shape)}});
  });
  const ordered_json collection{{"type", "FeatureCollection"}, {"features", std::move(features)}};
  return collection.dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void write_gpkg(const std::filesystem::path& file, const PlanComparison& comparison) {
  datasets::FeatureFile out(file);
  out.add_table("plan_move", "Units with another school", "MULTIPOLYGON", columns());
  for_each_move(comparison, [&](const geo::MultiPolygon* shape, const std::vector<datasets::FeatureValue>& row) {
    out.add("plan_move", shape == nullptr ? datasets::FeatureGeometry{} : datasets::FeatureGeometry{*shape}, row);
  });
  out.commit();
}

}  // namespace

void write_moves(const std::filesystem::path& file, const PlanComparison& comparison) {
  check_zones_file(file.string());
  if (file.extension() == ".gpkg") return write_gpkg(file, comparison);
  write_whole(file, file.extension() == ".csv" ? to_csv(comparison) : to_geojson(comparison));
}

}  // namespace catchment::cli
