// `catchment plan explain`: the schools of a unit or an address under plans, and why.
#include <algorithm>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "datasets/city_names.hpp"
#include "engine/planning/comparison/figures.hpp"
#include "engine/planning/comparison/unit_story.hpp"
#include "geo/input_error.hpp"
#include "server/cli/compare/plan_sides.hpp"
#include "server/cli/plan.hpp"
#include "server/cli/quote.hpp"

namespace catchment::cli {
namespace {

using namespace engine::planning;
using nlohmann::ordered_json;

struct PlanExplainArguments {
  PlanSideOptions sides;
  std::string address, unit, snapshot;
};

struct Subject {
  std::string text;  // of the address found; empty: a unit was named
  UnitIndex unit = kNoUnit;
  std::optional<geo::Point> position;
};

bool has_position(const CityUnit& unit, geo::Point position) {
  return unit.positions != nullptr && std::ranges::find(*unit.positions, position) != unit.positions->end();
}

Subject find_address(const PlanExplainArguments& options, const PlanSides& sides) {
  const datasets::CityPackage& package = sides.desk.package;
  const geo::Gazetteer names = datasets::open_names(options.snapshot, package);
  const geo::Found found = names.find(options.address, {});
  std::vector<const geo::Candidate*> entries;
  for (const geo::Candidate& c : found.candidates) {
    if (c.entry != geo::kNoEntry) entries.push_back(&c);
  }
  if (entries.empty()) {
    throw InputError("address_unknown", "--address " + options.address, "the package has no such address");
  }
  // Several that the text may mean: only where one is plainly likelier.
  if (entries.size() > 1 && entries[1]->confidence >= entries[0]->confidence) {
    throw InputError("address_ambiguous", "--address " + options.address,
                     "may mean " + entries[0]->text + ", " + entries[1]->text + " or others: say more");
  }
  const geo::Entry entry = names.entry(entries.front()->entry);
  Subject subject{std::string(entry.text), kNoUnit, entry.position};
  const PlanCity& city = *sides.desk.city;
  // An address is of the unit it names, else of the one its position lies in.
  package.for_each_address([&](const engine::Address& address) {
    if (address.id != entry.id) return true;
    subject.unit = city.find_unit(address.unit_id).value_or(kNoUnit);
    return false;
  });
  for (UnitIndex u = 0; u < city.units.size() && subject.unit == kNoUnit && subject.position; ++u) {
    if (has_position(city.units[u], *subject.position)) subject.unit = u;
  }
  if (subject.unit == kNoUnit) {
    throw InputError("address_unit", "--address " + options.address, subject.text + " lies in no unit");
  }
  return subject;
}

// The unit's number in the plan's city; of one that only the plan has too.
std::optional<UnitIndex> find_named(const PlanCity& city, const std::string& id) {
  if (const auto unit = city.find_unit(id)) return unit;
  for (UnitIndex u = 0; u < city.units.size(); ++u) {
    if (city.units[u].name == id) return u;
  }
  return std::nullopt;
}

std::vector<UnitIndex> units_of(const PlanExplainArguments& options, const Subject& subject, const PlanCity& city) {
  if (subject.unit == kNoUnit) {
    const auto named = find_named(city, options.unit);
    return named ? find_successors(city, *named) : std::vector<UnitIndex>{};
  }
  std::vector<UnitIndex> units = find_successors(city, subject.unit);
  if (units.size() > 1 && subject.position) {
    const auto own =
        std::ranges::find_if(units, [&](UnitIndex u) { return has_position(city.units[u], *subject.position); });
    if (own != units.end()) units = {*own};
  }
  return units;
}

std::string zone_kind(const UnitChapter& chapter) {
  if (chapter.schools.empty()) return "none";
  if (chapter.schools.size() == 1) return "single";
  return chapter.kind == SchoolSet::Kind::transition ? "transition" : "shared";
}

ordered_json walk_json(const UnitWalk* walk) {
  if (walk == nullptr) return "unknown";
  ordered_json one{{"distance_m", std::round(walk->distance_m())}, {"straight", walk->way == geo::Way::straight}};
  if (walk->way == geo::Way::walked) {
    one["trunk_roads"] = walk->trunk_roads, one["rails"] = walk->rails, one["rivers"] = walk->rivers;
  }
  return one;
}

// What it means for a pupil who sits when the answer changes.
ordered_json sitting_json(const Phasing& phasing) {
  ordered_json one{{"sitting_stay", phasing.sitting_stay}};
  if (!phasing.move_grades.empty()) one["move_grades"] = phasing.move_grades;
  if (phasing.siblings_until > 0) one["siblings_until"] = phasing.siblings_until;
  if (!phasing.opt_in_until.empty()) one["opt_in_until"] = phasing.opt_in_until;
  return one;
}

ordered_json chapter_json(const PlanCity& city, const UnitChapter& chapter) {
  ordered_json schools = ordered_json::array();
  for (std::size_t i = 0; i < chapter.schools.size(); ++i) {
    const CitySchool& school = city.schools[chapter.schools[i]];
    schools.push_back({{"school", school.id}, {"name", school.name}, {"walk", walk_json(chapter.walks[i])}});
  }
  ordered_json one{{"stage", engine::to_word(city.stages[chapter.stage])},
                   {"from_year", city.school_year(chapter.from)},
                   {"to_year", city.school_year(chapter.to - 1)},
                   {"zone", zone_kind(chapter)},
                   {"schools", std::move(schools)}};
  if (chapter.change != nullptr) {
    one["change"] = {{"number", chapter.change_number}, {"kind", engine::planning::to_word(*chapter.change->change)}};
    if (!chapter.change->change->note.empty()) one["change"]["note"] = chapter.change->change->note;
    one["sitting"] = sitting_json(chapter.change->change->phasing);
  } else {
    one["change"] = nullptr;
  }
  return one;
}

ordered_json story_json(const CityPlan& plan, const UnitStory& story) {
  const PlanCity& city = plan.city();
  ordered_json chapters = ordered_json::array();
  for (const UnitChapter& chapter : story.chapters) chapters.push_back(chapter_json(city, chapter));
  ordered_json one{{"unit", city.units[story.unit].id}, {"name", city.units[story.unit].name}};
  if (!city.units[story.unit].made_of.empty()) {
    ordered_json from = ordered_json::array();
    for (const UnitIndex u : city.units[story.unit].made_of) from.push_back(city.units[u].id);
    one["made_of"] = std::move(from);
  }
  one["addresses"] = city.units[story.unit].addresses;
  one["lock"] = story.lock == nullptr ? ordered_json(nullptr)
                                      : ordered_json{{"owner", story.lock->owner}, {"reason", story.lock->reason}};
  one["answers"] = std::move(chapters);
  return one;
}

std::string walk_words(const UnitWalk* walk) {
  if (walk == nullptr) return "walk unknown";
  std::string text = metres_text(walk->distance_m()) + " m";
  if (walk->way == geo::Way::straight) return text + " as the crow flies";
  const auto crossed = [&](int count, const char* what) {
    if (count > 0) text += ", crosses " + std::to_string(count) + " " + what;
  };
  crossed(walk->trunk_roads, "trunk roads"), crossed(walk->rails, "railways"), crossed(walk->rivers, "rivers");
  return text;
}

void print_sitting(const PlanCity& city, const UnitChapter& chapter) {
  const Phasing& phasing = chapter.change->change->phasing;
  const std::string year = std::to_string(city.school_year(chapter.from));
  if (!phasing.sitting_stay) {
    std::cout << "      pupils who sit move too\n";
  } else if (phasing.move_grades.empty()) {
    std::cout << "      who entered before " << year << " stays at the old school to the end of the stage\n";
  } else {
    std::cout << "      who entered before " << year << " stays, but for those then in grade";
    for (const int g : phasing.move_grades) std::cout << " " << g;
    std::cout << "\n";
  }
  if (phasing.siblings_until > 0) {
    std::cout << "      a younger child may follow a sibling to the old school until " << phasing.siblings_until
              << "\n";
  }
  if (!phasing.opt_in_until.empty()) {
    std::cout << "      who sits may ask for the new school until " << printable(phasing.opt_in_until) << "\n";
  }
}

void print_story(const CityPlan& plan, const UnitStory& story) {
  const PlanCity& city = plan.city();
  const CityUnit& unit = city.units[story.unit];
  std::cout << "  unit " << printable(unit.id) << (unit.name.empty() ? "" : " " + printable(unit.name)) << ", "
            << unit.addresses << " addresses\n";
  if (story.lock != nullptr) {
    std::cout << "    locked by " << printable(story.lock->owner) << ": " << printable(story.lock->reason) << "\n";
  }
  for (const UnitChapter& c : story.chapters) {
    std::cout << "    " << engine::to_word(city.stages[c.stage]) << " " << city.school_year(c.from);
    if (c.to > c.from + 1) std::cout << "-" << city.school_year(c.to - 1);
    std::cout << ": ";
    if (c.schools.empty()) std::cout << "nobody has it";
    for (std::size_t i = 0; i < c.schools.size(); ++i) {
      const CitySchool& school = city.schools[c.schools[i]];
      std::cout << (i == 0 ? "" : "; ") << printable(school.name.empty() ? school.id : school.name) << " ("
                << walk_words(c.walks[i]) << ")";
    }
    if (c.schools.size() > 1) std::cout << ", " << zone_kind(c) << " zone";
    if (c.change == nullptr) {
      std::cout << ", as the plan began\n";
      continue;
    }
    std::cout << ", by change " << c.change_number << " " << engine::planning::to_word(*c.change->change);
    if (!c.change->change->note.empty()) std::cout << ": " << printable(c.change->change->note);
    std::cout << "\n";
    print_sitting(city, c);
  }
}

int run(const PlanExplainArguments& options, const Invocation& invocation) {
  const std::optional<PlanSides> sides = open_plan_sides(options.sides);
  if (!sides) return kCancelled;
  Subject subject;
  if (!options.address.empty()) subject = find_address(options, *sides);
  ordered_json plans = ordered_json::array();
  const bool print = invocation.json_path != "-";
  if (print && !subject.text.empty()) std::cout << printable(subject.text) << "\n";
  const bool found = std::ranges::any_of(
      sides->plans, [&](const SidePlan& side) { return !units_of(options, subject, side.plan.city()).empty(); });
  if (!found) throw InputError("unit_unknown", "--unit " + options.unit, "no plan has such a unit");
  for (const SidePlan& side : sides->plans) {
    const std::vector<UnitIndex> units = units_of(options, subject, side.plan.city());
    if (print) {
      std::cout << (side.label.empty() ? "zones in force" : "plan " + side.label + " (" + printable(side.source) + ")")
                << "\n";
    }
    ordered_json stories = ordered_json::array();
    for (const UnitIndex u : units) {
      const UnitStory story = tell_story(side.plan, u);
      if (print) print_story(side.plan, story);
      stories.push_back(story_json(side.plan, story));
    }
    plans.push_back({{"plan", side.source}, {"label", side.label}, {"units", std::move(stories)}});
  }
  if (invocation.wants_json()) {
    const ordered_json out{{"address", subject.text.empty() ? ordered_json(nullptr) : ordered_json(subject.text)},
                           {"plans", std::move(plans)}};
    write_output(invocation.json_path, out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return kDone;
}

}  // namespace

void register_plan_explain(CLI::App& plan, Invocation& invocation) {
  auto options = std::make_shared<PlanExplainArguments>();
  CLI::App* command = plan.add_subcommand(
      "explain", "The schools of a unit or address under each plan, by stage and year, and the change that did it");
  add_plan_side_options(*command, options->sides);
  auto* which = command->add_option_group("subject");
  which->add_option("--address", options->address, "An address of the package");
  which->add_option("--unit", options->unit, "A unit, by id or name");
  which->require_option(1);
  command->add_option("--snapshot", options->snapshot, "Take the names from this snapshot of the package");
  add_json_option(*command, invocation);
  command->callback([command, options, &invocation] {
    take_sides(*command, options->sides);
    invocation.run = [options, &invocation] { return run(*options, invocation); };
  });
}

}  // namespace catchment::cli
