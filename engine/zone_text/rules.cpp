#include "engine/zone_text/rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "engine/zone_text/compiling/polyline_math.hpp"

namespace catchment::engine::zone_text {
namespace {

constexpr double kFrontM = 300;  // a door further from its street's line than this is not judged by the line

// The address that is asked about.
struct Asked {
  const geo::Gazetteer& names;
  const geo::EntryPath& path;
  std::optional<geo::Point> position;
  double error_m = 0;
};

Holds both(Holds a, Holds b) { return std::min(a, b); }  // no < unknown < yes

bool is_under(const geo::Gazetteer& names, geo::NameId thing, geo::NameId wanted) {
  for (int depth = 0; thing != geo::kNoName && depth < 8; ++depth) {
    if (thing == wanted) return true;
    thing = names.thing(thing).parent;
  }
  return false;
}

Holds under_name(const Asked& a, geo::NameId name) {
  for (const geo::NameId own : {a.path.street, a.path.estate, a.path.community, a.path.district}) {
    if (own == name || is_under(a.names, own, name)) return Holds::yes;
  }
  if (a.position) return Holds::no;
  // Without a place nobody could tell which community or district an address is in that does not say.
  const geo::AddressPart part = a.names.thing(name).part;
  const bool community = part == geo::AddressPart::community && a.path.community == geo::kNoName;
  const bool district = part == geo::AddressPart::district && a.path.district == geo::kNoName;
  return community || district ? Holds::unknown : Holds::no;
}

// Left of the street by the number, if the doors say which side is odd; else by the point.
bool stands_left(const Asked& a, const StreetFront& front, const Foot& foot, bool& by_number) {
  const geo::DoorNumber& number = a.path.lane.number != 0 ? a.path.lane : a.path.door;
  by_number = front.odd_left.has_value() && number.number != 0 && a.path.street == front.street;
  return by_number ? number.odd() == *front.odd_left : foot.left;
}

const StreetFront::Part* part_at(const StreetFront& front, double along_m) {
  for (const StreetFront::Part& part : front.parts) {
    if (part.from_m - 0.5 <= along_m && along_m <= part.to_m + 0.5) return &part;
  }
  return nullptr;
}

Holds on_front(const Asked& a, const StreetFront& front, bool& on_boundary) {
  const bool whole = front.parts.size() == 1 && front.parts.front().side == StreetSide::both &&
                     front.parts.front().from_m <= 1 &&
                     front.parts.front().to_m >= length_m(front.line, Frame(front.line.front())) - 1;
  if (!a.position) return whole ? Holds::yes : Holds::unknown;
  const Foot foot = foot_on(front.line, *a.position, Frame(front.line.front()));
  const StreetFront::Part* part = part_at(front, foot.along_m);
  if (part == nullptr) return Holds::no;
  if (part->side == StreetSide::both) return Holds::yes;
  bool by_number = false;
  const bool left = stands_left(a, front, foot, by_number);
  on_boundary |= !by_number && foot.distance_m <= a.error_m;
  return left == (part->side == StreetSide::left) ? Holds::yes : Holds::no;
}

Holds in_region(const Asked& a, const CompiledRegion& region, bool& on_boundary) {
  if (!a.position) return Holds::unknown;
  const Frame frame(*a.position);
  for (const StreetFront& front : region.bounds) {
    if (front.street != a.path.street || a.path.street == geo::kNoName) continue;
    const Foot foot = foot_on(front.line, *a.position, Frame(front.line.front()));
    if (foot.distance_m > kFrontM) continue;
    const StreetFront::Part* part = part_at(front, foot.along_m);
    if (part == nullptr) continue;
    bool by_number = false;
    const bool left = stands_left(a, front, foot, by_number);
    if (by_number) return left == (part->side == StreetSide::left) ? Holds::yes : Holds::no;
  }
  const geo::Box box = geo::bounding_box(region.shape);
  if (!box.contains(*a.position) && box_distance_m(box, {*a.position, *a.position}, frame) > a.error_m)
    return Holds::no;
  on_boundary |= edge_distance_m(region.shape, *a.position) <= std::max(a.error_m, 0.02);
  return covers(region.shape, *a.position) ? Holds::yes : Holds::no;
}

Holds in_numbers(const AddressRule& rule, const Asked& a) {
  if (rule.numbers.empty()) return Holds::yes;
  Holds best = Holds::no;
  for (const NumberRange& range : rule.numbers) best = std::max(best, find_holds(range, a.path));
  return best;
}

struct Match {
  std::size_t rule = 0;
  Holds holds = Holds::no;
  bool on_boundary = false;
  std::vector<Household> depends_on;
};

// Whether a rule speaks of the address, and of which of its households that depends. A rule of which a household is
// known not to hold does not.
Match match(const CompiledText& text, std::size_t index, const Asked& a, const HouseholdTest& test) {
  const AddressRule& rule = text.rules[index];
  Match out{index, Holds::yes, false, {}};
  if (rule.name == geo::kNoName && !rule.region) return {index, Holds::no, false, {}};
  if (rule.name != geo::kNoName) out.holds = both(out.holds, under_name(a, rule.name));
  for (const geo::NameId name : rule.path) {
    if (out.holds != Holds::no) out.holds = both(out.holds, under_name(a, name));
  }
  if (out.holds != Holds::no) out.holds = both(out.holds, in_numbers(rule, a));
  if (out.holds != Holds::no && rule.front) out.holds = both(out.holds, on_front(a, *rule.front, out.on_boundary));
  if (out.holds != Holds::no && rule.region) {
    out.holds = both(out.holds, in_region(a, text.regions[*rule.region], out.on_boundary));
  }
  if (out.holds == Holds::no && !out.on_boundary) return out;
  for (const Household& household : rule.households) {
    const std::optional<bool> known = test ? test(household) : std::nullopt;
    if (known == false) return {index, Holds::no, false, {}};
    if (!known) out.depends_on.push_back(household);
  }
  return out;
}

Household negated(Household household) {
  household.excluded = !household.excluded;
  return household;
}

// What the words of one scope say, and what they take from the scopes they refer to.
class Judge {
 public:
  Judge(const CompiledText& text, const Asked& asked, const HouseholdTest& test)
      : text_(text), said_(text.borrowed.size() + 1) {
    for (std::size_t i = 0; i < text.rules.size(); ++i) {
      Match m = match(text, i, asked, test);
      Said& said = said_[text.rules[i].scope];
      if (m.holds != Holds::no) {
        said.matches.push_back(std::move(m));
      } else if (m.on_boundary) {
        said.near.push_back(std::move(m));
      }
    }
  }

  TextAnswer answer() const {
    TextAnswer out = run(0);
    if (out.verdict != Verdict::out) find_stronger(0, {}, out);
    return out;
  }

 private:
  struct Said {
    std::vector<Match> matches;
    std::vector<Match> near;  // do not hold, by a point that is nearer to a line than its error
  };

  // What the exceptions of one scope say of the address.
  struct Denial {
    std::vector<std::size_t> rules;   // that deny it to every child
    bool on_boundary = false;         // one of them by a point nearer to a line than its error
    std::vector<std::size_t> doubts;  // that may deny it, the words do not say
    bool may_hold = false;
    std::vector<Household> unless;  // denied to the others
  };

  Denial denial_in(const Said& said) const {
    Denial out;
    for (const Match& m : said.matches) {
      if (gives(m)) continue;
      if (rule(m).effect == RuleEffect::undetermined) {
        out.doubts.push_back(m.rule);
        out.may_hold = true;
      } else if (m.holds == Holds::unknown) {
        out.may_hold = true;
      } else if (!m.depends_on.empty()) {
        for (const Household& h : m.depends_on) out.unless.push_back(negated(h));
      } else {
        out.rules.push_back(m.rule);
        out.on_boundary |= m.on_boundary;
      }
    }
    return out;
  }

  TextAnswer run(std::size_t scope) const {
    const Said& said = said_[scope];
    TextAnswer out;
    Denial denial = denial_in(said);
    out.may_be_denied = denial.may_hold;
    if (!denial.rules.empty()) {
      out.rules = std::move(denial.rules);
      out.level = RuleLevel::denial;
      out.on_boundary = denial.on_boundary;
      out.near_denial = out.on_boundary;
      return out;
    }
    out.near_denial = std::ranges::any_of(said.near, [&](const Match& m) { return !gives(m); });
    allow(said.matches, out);
    std::optional<TextAnswer> silent = add_borrowed(scope, out);
    if (out.verdict != Verdict::out) out.rules.insert(out.rules.end(), denial.doubts.begin(), denial.doubts.end());
    if (out.verdict == Verdict::in && out.may_be_denied) out.verdict = Verdict::undetermined;
    if (out.verdict == Verdict::in && out.near_denial) out.on_boundary = true;
    if (out.verdict == Verdict::out) just_outside(said.near, out);
    if (out.verdict == Verdict::out && out.rules.empty() && silent) {
      silent->may_be_denied |= out.may_be_denied;
      silent->near_denial |= out.near_denial;
      out = std::move(*silent);
    }
    out.not_denied_if.insert(out.not_denied_if.end(), denial.unless.begin(), denial.unless.end());
    if (out.verdict != Verdict::out) {
      out.depends_on.insert(out.depends_on.end(), denial.unless.begin(), denial.unless.end());
    }
    return out;
  }

  const AddressRule& rule(const Match& m) const { return text_.rules[m.rule]; }

  // What is said by words referred to adds to what the scope's own words give. Returned: what one of them says against
  // the address or of a line beside it, which stands if nothing gives it.
  std::optional<TextAnswer> add_borrowed(std::size_t scope, TextAnswer& out) const {
    std::optional<TextAnswer> silent;
    for (std::size_t i = 0; i < text_.borrowed.size(); ++i) {
      if (text_.borrowed[i].parent != scope) continue;
      TextAnswer theirs = run(i + 1);
      if (theirs.verdict == Verdict::out) {
        if (!theirs.rules.empty() || theirs.may_be_denied || theirs.near_denial) silent = std::move(theirs);
        continue;
      }
      if (out.verdict != Verdict::out && standing(out) < standing(theirs)) continue;
      theirs.may_be_denied |= out.may_be_denied;
      theirs.near_denial |= out.near_denial;
      if (out.verdict != Verdict::out && standing(out) == standing(theirs)) {
        theirs.rules.insert(theirs.rules.begin(), out.rules.begin(), out.rules.end());
        theirs.on_boundary |= out.on_boundary;
      }
      out = std::move(theirs);
    }
    return silent;
  }

  bool gives(const Match& m) const { return zone_text::gives(rule(m)); }

  // In for every child before in for some, that before what cannot be decided; then the stronger level.
  static std::tuple<bool, bool, RuleLevel> standing(const TextAnswer& a) {
    return {a.verdict != Verdict::in, !a.depends_on.empty(), a.level};
  }

  void decide(TextAnswer& out, const Match& m, Verdict verdict) const {
    if (out.rules.empty()) {
      out.verdict = verdict;
      out.level = rule(m).level;
      out.depends_on = m.depends_on;
    }
    out.rules.push_back(m.rule);
    out.on_boundary |= m.on_boundary;
  }

  // Of the scope and of those it refers to, unless their own exceptions deny them. `unless`: of the scopes around it.
  void find_stronger(std::size_t scope, std::vector<Household> unless, TextAnswer& out) const {
    const Denial denial = denial_in(said_[scope]);
    if (!denial.rules.empty()) return;
    unless.insert(unless.end(), denial.unless.begin(), denial.unless.end());
    for (const auto* list : {&said_[scope].matches, &said_[scope].near}) {
      for (const Match& m : *list) {
        if (!gives(m) || rule(m).level >= out.level) continue;
        TextAnswer::Stronger& stronger = out.stronger.emplace_back(
            TextAnswer::Stronger{rule(m).level, m.rule, m.holds, m.on_boundary, m.depends_on});
        stronger.depends_on.insert(stronger.depends_on.end(), unless.begin(), unless.end());
      }
    }
    for (std::size_t i = 0; i < text_.borrowed.size(); ++i) {
      if (text_.borrowed[i].parent == scope) find_stronger(i + 1, unless, out);
    }
  }

  // Outside everything, but nearer to the line of something than the place may be off.
  void just_outside(const std::vector<Match>& near, TextAnswer& out) const {
    for (const Match& m : near) {
      if (!gives(m)) continue;
      decide(out, m, Verdict::out);
    }
  }

  // The strongest level that speaks; there, what allows for every child before what allows for some, and that before
  // what cannot be decided. A rule that holds for every child stands also where a stronger one holds only for some.
  void allow(const std::vector<Match>& matches, TextAnswer& out) const {
    const auto pick = [&](auto&& wanted, Verdict verdict) {
      RuleLevel strongest = RuleLevel::polygon;
      bool any = false;
      for (const Match& m : matches) {
        if (!wanted(m)) continue;
        strongest = any ? std::min(strongest, rule(m).level) : rule(m).level;
        any = true;
      }
      if (!any) return false;
      for (const Match& m : matches) {
        if (wanted(m) && rule(m).level == strongest) decide(out, m, verdict);
      }
      return true;
    };
    const auto speaks = [&](const Match& m, RuleEffect effect) {
      return m.holds == Holds::yes && rule(m).effect == effect && gives(m);
    };
    RuleLevel doubtful = RuleLevel::polygon;  // the strongest level at which the text cannot be decided
    bool doubt = false;
    for (const Match& m : matches) {
      if (!speaks(m, RuleEffect::undetermined)) continue;
      doubtful = doubt ? std::min(doubtful, rule(m).level) : rule(m).level;
      doubt = true;
    }
    const auto stands = [&](const Match& m) {
      return speaks(m, RuleEffect::allow) && (!doubt || rule(m).level <= doubtful);
    };
    if (pick([&](const Match& m) { return stands(m) && m.depends_on.empty(); }, Verdict::in)) return;
    if (pick(stands, Verdict::in)) return;
    if (pick([&](const Match& m) { return speaks(m, RuleEffect::undetermined); }, Verdict::undetermined)) return;
    pick([&](const Match& m) { return m.holds == Holds::unknown && gives(m); }, Verdict::undetermined);
  }

  const CompiledText& text_;
  std::vector<Said> said_;  // by scope
};

}  // namespace

std::string_view to_word(RuleLevel level) {
  constexpr std::array<std::string_view, 6> kWords{"denial",    "number", "estate", "restricted_community",
                                                   "community", "polygon"};
  return kWords.at(static_cast<std::size_t>(level));
}

TextAnswer answer(const CompiledText& text, const geo::Gazetteer& names, const geo::EntryPath& path,
                  std::optional<geo::Point> position, double error_m, const HouseholdTest& test) {
  const Asked asked{names, path, position, error_m};
  return Judge(text, asked, test).answer();
}

}  // namespace catchment::engine::zone_text
