// `catchment zones diff`: what changed between two notices, in words, addresses and children.
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "engine/zone_text/address_groups.hpp"
#include "engine/zone_text/diff.hpp"
#include "geo/input_error.hpp"
#include "server/cli/city_notice.hpp"
#include "server/cli/progress_bar.hpp"
#include "server/cli/quote.hpp"
#include "server/cli/zone_json.hpp"
#include "server/cli/zones.hpp"

namespace catchment::cli {
namespace {

using namespace engine::zone_text;
using nlohmann::ordered_json;

struct ZonesDiffArguments {
  std::string before, after, package, snapshot;
  int age = 6;
};

// How many children of an age live at an address: those of its unit in equal shares.
class Children {
 public:
  Children(const datasets::CityPackage& package, int age) {
    std::map<std::string, std::pair<int, int>> latest;  // unit to year and children
    for (const engine::UnitChildren& c : package.unit_children()) {
      if (c.age != age) continue;
      auto& [year, children] = latest[c.unit_id];
      if (c.year == year) children += c.children;
      if (c.year > year) {
        year = c.year;
        children = c.children;
      }
    }
    counted_ = !latest.empty();
    if (!counted_) return;
    std::map<std::string, int> addresses;
    package.for_each_address([&](const engine::Address& a) {
      if (a.unit_id.empty()) return true;
      ++addresses[a.unit_id];
      unit_of_[a.id] = a.unit_id;
      return !cancelled();
    });
    for (const auto& [unit, count] : addresses) share_[unit] = latest[unit].second / static_cast<double>(count);
  }

  bool counted() const { return counted_; }
  double at(std::string_view address_id) const {
    const auto unit = unit_of_.find(std::string(address_id));
    return unit == unit_of_.end() ? 0 : share_.at(unit->second);
  }

 private:
  bool counted_ = false;
  std::map<std::string, std::string> unit_of_;
  std::map<std::string, double> share_;
};

// Addresses that go from the same schools to the same schools.
struct Move {
  std::vector<std::string> before, after, maybe_before, maybe_after;
  std::vector<AddressGroup> groups;
  std::size_t addresses = 0;
  double children = 0;
};

std::vector<Move> moves_of(const NoticeDiff& diff, const City& city, const Children& children) {
  using Key = std::tuple<std::vector<std::string>, std::vector<std::string>, std::vector<std::string>,
                         std::vector<std::string>>;
  std::map<Key, std::vector<geo::EntryId>> by_schools;
  for (const AddressDiff& d : diff.addresses) {
    by_schools[{d.before, d.after, d.maybe_before, d.maybe_after}].push_back(d.entry);
  }
  std::vector<Move> moves;
  for (const auto& [key, entries] : by_schools) {
    Move& move = moves.emplace_back();
    std::tie(move.before, move.after, move.maybe_before, move.maybe_after) = key;
    move.addresses = entries.size();
    for (const geo::EntryId id : entries) move.children += children.at(city.names->entry(id).id);
    move.groups = group_addresses(*city.names, entries);
  }
  std::ranges::stable_sort(moves, [](const Move& a, const Move& b) { return a.addresses > b.addresses; });
  return moves;
}

// A layer of the package, PACKAGE.gpkg or PACKAGE.gpkg@LAYER, or a notice file.
std::vector<NoticeRow> load_rows(const std::string& from, const City* city) {
  if (city != nullptr && engine::find_layer_key(from)) return rows_of_layer(city->package, from);
  const std::size_t at = from.find(".gpkg@");
  if (at != std::string::npos) {
    return rows_of_layer(datasets::CityPackage::open(from.substr(0, at + 5)), from.substr(at + 6));
  }
  if (from.ends_with(".gpkg")) return rows_of_layer(datasets::CityPackage::open(from), "");
  if (city == nullptr) throw InputError("no_city", from, "the schools of a notice file are those of a --package");
  return rows_of_file(from, city->package);
}

std::map<std::string, std::string> names_of(const std::vector<NoticeRow>& before, const std::vector<NoticeRow>& after) {
  std::map<std::string, std::string> names;
  for (const auto* rows : {&before, &after}) {
    for (const NoticeRow& row : *rows) {
      names[row.row.school_id] = row.row.school_name.empty() ? row.row.school_id : row.row.school_name;
    }
  }
  return names;
}

using Names = std::map<std::string, std::string>;

std::string list_text(const std::vector<std::string>& ids, const std::vector<std::string>& maybe, const Names& names) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : "、") + names.at(id);
  for (const std::string& id : maybe) text += (text.empty() ? "" : "、") + names.at(id) + "?";
  return text.empty() ? "no school" : text;
}

std::string words_text(const ClauseDiff& d) {
  switch (d.change) {
    case ClauseChange::added:
      return "+ " + d.after;
    case ClauseChange::removed:
      return "- " + d.before;
    case ClauseChange::moved:
      return "> " + d.after;
    case ClauseChange::reworded:
      break;
  }
  std::string text = "~ ";
  for (const WordDiff& piece : d.words) {
    if (piece.kind == WordDiff::Kind::kept) text += piece.text;
    if (piece.kind == WordDiff::Kind::removed) text += "[-" + piece.text + "-]";
    if (piece.kind == WordDiff::Kind::added) text += "{+" + piece.text + "+}";
  }
  return text;
}

void print_clauses(const std::vector<ClauseDiff>& clauses, const Names& names) {
  std::string school;
  for (const ClauseDiff& d : clauses) {
    if (d.school_id != school) std::cout << printable(names.at(school = d.school_id)) << "\n";
    std::cout << "  " << printable(words_text(d));
    if (d.change == ClauseChange::moved) std::cout << "  (from " << printable(names.at(d.from_school_id)) << ")";
    std::cout << "\n";
  }
}

void print_moves(const std::vector<Move>& moves, const Names& names, bool counted) {
  std::size_t addresses = 0;
  double children = 0;
  for (const Move& move : moves) {
    addresses += move.addresses;
    children += move.children;
    std::cout << printable(list_text(move.before, move.maybe_before, names)) << " -> "
              << printable(list_text(move.after, move.maybe_after, names)) << ": " << move.addresses << " addresses";
    if (counted) std::printf(", about %.1f children", move.children), std::fflush(stdout);
    std::cout << "\n";
    for (const AddressGroup& group : move.groups) {
      std::cout << "    " << printable(group.text) << "  " << group.entries.size() << "\n";
    }
  }
  std::cout << addresses << " addresses change school";
  if (counted) std::printf(", about %.1f children", children), std::fflush(stdout);
  std::cout << "\n";
}

ordered_json to_json(const std::vector<ClauseDiff>& clauses) {
  ordered_json list = ordered_json::array();
  for (const ClauseDiff& d : clauses) {
    ordered_json one{{"change", engine::zone_text::to_word(d.change)}, {"school", d.school_id}};
    if (d.change == ClauseChange::moved) one["from_school"] = d.from_school_id;
    if (!d.before.empty()) one["before"] = d.before;
    if (!d.after.empty()) one["after"] = d.after;
    if (d.change == ClauseChange::reworded) one["words"] = words_text(d).substr(2);
    list.push_back(std::move(one));
  }
  return list;
}

ordered_json to_json(const std::vector<Move>& moves, bool counted) {
  ordered_json list = ordered_json::array();
  for (const Move& move : moves) {
    ordered_json one{{"before", move.before}, {"after", move.after}, {"addresses", move.addresses}};
    if (!move.maybe_before.empty()) one["maybe_before"] = move.maybe_before;
    if (!move.maybe_after.empty()) one["maybe_after"] = move.maybe_after;
    if (counted) one["children"] = move.children;
    ordered_json& ranges = one["ranges"] = ordered_json::array();
    for (const AddressGroup& g : move.groups) ranges.push_back({{"text", g.text}, {"addresses", g.entries.size()}});
    list.push_back(std::move(one));
  }
  return list;
}

int run(const ZonesDiffArguments& options, const Invocation& invocation) {
  std::optional<City> city;
  if (!options.package.empty()) city = open_city(options.package, options.snapshot);
  const std::vector<NoticeRow> before = load_rows(options.before, city ? &*city : nullptr);
  const std::vector<NoticeRow> after = load_rows(options.after, city ? &*city : nullptr);
  const Names names = names_of(before, after);
  NoticeDiff result;
  std::vector<Move> moves;
  bool counted = false;
  if (city) {
    ProgressBar bar("steps");
    LintOptions how;
    how.progress = [&](std::size_t done, std::size_t of) {
      bar.show(static_cast<std::int64_t>(done),
               static_cast<double>(done) / static_cast<double>(std::max<std::size_t>(1, of)));
      return !cancelled();
    };
    result = diff(lint_rows(before), lint_rows(after), city->ground, how);
    if (result.cancelled) return kCancelled;
    const Children children(city->package, options.age);
    counted = children.counted();
    moves = moves_of(result, *city, children);
  } else {
    result.clauses = diff_clauses(lint_rows(before), lint_rows(after));
  }
  if (invocation.wants_json()) {
    ordered_json out{{"clauses", to_json(result.clauses)}};
    if (city) out["moves"] = to_json(moves, counted);
    write_output(invocation.json_path, out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  if (invocation.json_path != "-") {
    print_clauses(result.clauses, names);
    if (city) print_moves(moves, names, counted);
    if (!city) std::cout << "without --package no addresses are compared\n";
  }
  return result.clauses.empty() && moves.empty() ? kDone : kFindings;
}

}  // namespace

void register_zones_diff(CLI::App& zones, Invocation& invocation) {
  auto options = std::make_shared<ZonesDiffArguments>();
  CLI::App* command = zones.add_subcommand(
      "diff", "What changed between two notices: clauses, addresses, and how many children; exit code 1 if anything");
  const std::string what = ": a layer of the package, PACKAGE.gpkg@LAYER, or a notice file";
  command->add_option("before", options->before, "The older notice" + what)->required();
  command->add_option("after", options->after, "The newer notice" + what)->required();
  command->add_option("--package", options->package, "City package (GeoPackage) whose addresses to compare");
  command->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  command->add_option("--age", options->age, "Count the children who are this old, in the latest year counted")
      ->check(CLI::Range(0, 20))
      ->capture_default_str();
  add_json_option(*command, invocation);
  command->callback(
      [options, &invocation] { invocation.run = [options, &invocation] { return run(*options, invocation); }; });
}

}  // namespace catchment::cli
