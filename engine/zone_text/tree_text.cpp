// The clause tree as one line of nested words.
#include <array>
#include <string>

#include "engine/zone_text/clause.hpp"

namespace catchment::engine::zone_text {

namespace {

constexpr std::array<std::string_view, 8> kCompassWords = {"north", "northeast", "east", "southeast",
                                                           "south", "southwest", "west", "northwest"};
constexpr std::array<std::string_view, 6> kLineWords = {"road", "river", "railway", "boundary", "wall", "line"};
constexpr std::array<std::string_view, 6> kSectionWords = {"whole", "north", "east", "south", "west", "middle"};
constexpr std::array<std::string_view, 4> kFrontageWords = {"both_sides", "one_side", "included", "excluded"};
constexpr std::array<std::string_view, 6> kFormWords = {"half_planes", "side_labels", "four_bounds",
                                                        "pairs",       "ring",        "along"};
constexpr std::array<std::string_view, 8> kUnitWords = {"door",     "compound", "lane",   "sublane",
                                                        "building", "phase",    "sector", "group"};
constexpr std::array<std::string_view, 10> kItemWords = {"thing", "street",   "estate", "community",   "village",
                                                         "town",  "district", "block",  "institution", "school"};
constexpr std::array<std::string_view, 9> kModifierWords = {"except",  "only",  "contains", "alias", "household",
                                                            "partial", "vague", "void",     "note"};
constexpr std::array<std::string_view, 13> kHouseholdWords = {
    "any",        "local_hukou",    "urban_hukou",   "non_urban_hukou", "hukou_residence", "native_villager",
    "collective", "employee_child", "migrant_child", "military_child",  "renter",          "police_district",
    "other"};

template <typename Enum, std::size_t N>
std::string_view word(const std::array<std::string_view, N>& words, Enum value) {
  return words.at(static_cast<std::size_t>(value));
}

class Writer {
 public:
  std::string take() { return std::move(out_); }

  void clause(const Clause& c) {
    std::visit([this](const auto& what) { head(what); }, c.what);
    if (!c.campus.empty()) put(" campus:", c.campus);
    for (const Household& h : c.households) spaced(h);
    for (const Modifier& m : c.modifiers) spaced(m);
    out_ += ')';
  }

 private:
  template <typename... Parts>
  void put(const Parts&... parts) {
    (out_.append(parts), ...);
  }

  template <typename T>
  void spaced(const T& value) {
    out_ += ' ';
    write(value);
  }
  template <typename T>
  void spaced_all(const std::vector<T>& values) {
    for (const T& value : values) spaced(value);
  }

  void head(const Region& region) {
    put("(region ", word(kFormWords, region.form));
    spaced_all(region.sides);
    for (const Name& name : region.within) put(" within:", name.text);
  }
  void head(const Addresses& addresses) {
    put("(addresses");
    spaced_all(addresses.items);
  }
  void head(const Feeder& feeder) {
    put("(feeder");
    for (const Name& school : feeder.schools) put(" ", school.text);
    if (feeder.of) put(" of:", feeder.of->text);
    if (feeder.own) put(" own");
    if (feeder.partial) put(" partial");
    spaced_all(feeder.households);
    spaced_all(feeder.sides);
  }
  void head(const HouseholdGroup& group) {
    put("(group");
    spaced(group.household);
  }
  void head(const ZoneReference& reference) {
    put("(zone_of ", reference.school.text, reference.former ? " former" : "");
  }
  void head(const Allocation& allocation) {
    put("(allocation ", to_word(allocation.mode));
    for (const Name& partner : allocation.partners) put(" with:", partner.text);
    spaced_all(allocation.items);
  }
  void head(const Note&) { put("(note"); }
  void head(const Unread&) { put("(unread"); }

  void write(const Side& side) {
    put("(side");
    if (side.label) put(" at:", word(kCompassWords, *side.label));
    if (side.part != Section::whole) put(" part:", word(kSectionWords, side.part));
    if (side.direction) put(" of:", word(kCompassWords, *side.direction));
    if (side.along) put(" along");
    write(side.line);
    spaced_all(side.frontages);
    out_ += ')';
  }
  void write(const LineExpr& expr) {
    spaced_all(expr.lines);
    for (const WalkStep& step : expr.steps) {
      put(" (walk");
      if (step.heading) put(" ", word(kCompassWords, *step.heading));
      if (step.along) spaced(*step.along);
      put(" to");
      spaced(step.to);
      out_ += ')';
    }
  }
  void write(const Line& line) {
    put("(", word(kLineWords, line.kind), " ", line.name.text);
    if (line.section != Section::whole) put(" section:", word(kSectionWords, line.section));
    if (line.from) put(" from:", line.from->text);
    if (line.to) put(" to:", line.to->text);
    for (const Compass way : line.extended) put(" extended:", word(kCompassWords, way));
    for (const Name& name : line.also) put(" also:", name.text);
    out_ += ')';
  }
  void write(const Frontage& frontage) {
    put("(frontage ", word(kFrontageWords, frontage.kind));
    if (frontage.side) put(":", word(kCompassWords, *frontage.side));
    if (frontage.line) spaced(*frontage.line);
    out_ += ')';
  }

  void write(const Item& item) {
    put("(", word(kItemWords, item.kind), " ", item.name.text.empty() ? "-" : item.name.text);
    for (const Name& name : item.path) put(" in:", name.text);
    spaced_all(item.numbers);
    spaced_all(item.modifiers);
    out_ += ')';
  }
  void write(const NumberRange& range) {
    if (range.unit != NumberUnit::door) put(word(kUnitWords, range.unit), "=");
    const bool one = range.from && range.to && *range.from == *range.to && range.unit == range.to_unit;
    if (!range.from && !range.to) out_ += '*';
    if (range.from) put(geo::to_text(*range.from));
    if (!one && (range.from || range.to)) {
      put("..");
      if (range.to && range.to_unit != range.unit) put(word(kUnitWords, range.to_unit), "=");
      if (range.to) put(geo::to_text(*range.to));
    }
    if (range.parity != Parity::all) put(range.parity == Parity::odd ? ":odd" : ":even");
    if (range.inside.empty()) return;
    out_ += '{';
    for (std::size_t i = 0; i < range.inside.size(); ++i) {
      if (i > 0) out_ += ' ';
      write(range.inside[i]);
    }
    out_ += '}';
  }
  void write(const Modifier& modifier) {
    put("(", word(kModifierWords, modifier.kind));
    spaced_all(modifier.items);
    spaced_all(modifier.sides);
    spaced_all(modifier.households);
    for (const Name& name : modifier.names) put(" ", name.text);
    out_ += ')';
  }
  void write(const Household& household) {
    put("(household ", household.excluded ? "not " : "", word(kHouseholdWords, household.kind));
    if (!household.who.empty()) put(" of:", household.who);
    out_ += ')';
  }

  std::string out_;
};

}  // namespace

Compass opposite(Compass side) { return static_cast<Compass>((static_cast<unsigned>(side) + 4) % 8); }

std::string_view to_word(AllocationMode mode) {
  constexpr std::array<std::string_view, 7> kWords = {"direct",         "choice",      "lottery", "overflow",
                                                      "temporary_host", "coordinated", "joint"};
  return word(kWords, mode);
}

std::string to_text(const Clause& clause) {
  Writer writer;
  writer.clause(clause);
  return writer.take();
}

std::string to_text(const ZoneText& zone) {
  std::string out;
  for (const Clause& clause : zone.clauses) {
    if (!out.empty()) out += '\n';
    out += to_text(clause);
  }
  return out;
}

}  // namespace catchment::engine::zone_text
