#include "engine/planning/comparison/statement.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

#include "engine/planning/comparison/figures.hpp"
#include "engine/planning/comparison/statement_parts.hpp"

namespace catchment::engine::planning {
namespace {

constexpr std::array<const char*, 10> kNumerals{"一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
constexpr std::size_t kNamed = 8;  // units named in one sentence

std::vector<MoveGroup> find_groups(const PlanMoves& moves) {
  std::map<std::tuple<StageIndex, YearIndex, YearIndex, ComparedAnswer, ComparedAnswer>, MoveGroup> found;
  for (const UnitMove& move : moves.units) {
    MoveGroup& group = found[{move.stage, move.from, move.to, move.before, move.after}];
    group.stage = move.stage, group.from = move.from, group.to = move.to;
    group.before = move.before, group.after = move.after;
    group.moves.push_back(&move);
    group.addresses += moves.ground.parcels[move.parcel].addresses;
    group.first_year += move.children.front();
  }
  std::vector<MoveGroup> groups;
  for (auto& [key, group] : found) {
    std::ranges::stable_sort(group.moves, {}, [](const UnitMove* m) { return -m->children.front(); });
    groups.push_back(std::move(group));
  }
  std::ranges::stable_sort(groups, {}, [](const MoveGroup& g) { return std::tuple(g.stage, g.from, -g.first_year); });
  return groups;
}

}  // namespace

StatementFacts::StatementFacts(const StatementInput& input)
    : in(input), city(input.after.city()), groups(find_groups(input.moves)) {
  for (const auto& side : input.moves.ground.children) {
    counted = counted || std::ranges::any_of(side, [](ChildParts parts) { return parts > 0; });
  }
}

Words StatementFacts::stage(StageIndex k) const {
  switch (city.stages[k]) {
    case Stage::primary:
      return {"小学", "primary"};
    case Stage::junior:
      return {"初中", "junior"};
    case Stage::senior:
      break;
  }
  return {"高中", "senior"};
}

Words StatementFacts::grade(int grade) const {
  const bool named = grade >= 1 && grade <= 10;
  return {(named ? kNumerals[static_cast<std::size_t>(grade - 1)] : std::to_string(grade)) + std::string("年级"),
          "grade " + std::to_string(grade)};
}

Words StatementFacts::answer(const ComparedAnswer& schools, bool transition) const {
  if (schools.empty()) return {"未划定学校", "no school"};
  std::string names;
  for (const ComparedIndex s : schools) names += (names.empty() ? "" : "、") + in.moves.ground.schools[s].name;
  if (schools.size() == 1) return {names, names};
  return {names + (transition ? "（过渡期内均可入读）" : "（共同学区）"),
          names + (transition ? " (either, for a transition)" : " (shared)")};
}

bool StatementFacts::is_transition(const UnitMove& move) const {
  const UnitIndex unit = in.moves.ground.parcels[move.parcel].unit[kAfter];
  const AnswerIndex answer = in.after.answer(unit, move.stage, move.from);
  return answer >= kFirstSet && answer != kNobody && in.after.set_of(answer).kind == SchoolSet::Kind::transition;
}

Words StatementFacts::units(const std::vector<const UnitMove*>& moves) const {
  Words words;
  const std::size_t named = moves.size() <= kNamed + 1 ? moves.size() : kNamed;
  for (std::size_t i = 0; i < named; ++i) {
    const Parcel& parcel = in.moves.ground.parcels[moves[i]->parcel];
    const std::string& name = parcel.name.empty() ? parcel.id : parcel.name;
    words.zh += (i == 0 ? "" : "、") + name;
    words.en += (i == 0 ? "" : ", ") + name;
  }
  if (named == moves.size()) return words;
  words.zh += "等" + std::to_string(moves.size()) + "个单元";
  words.en += " and " + std::to_string(moves.size() - named) + " more units";
  return words;
}

Words StatementFacts::children(std::int64_t parts) const {
  const std::string number = people_text(parts);
  if (number == "<1") return {"不足1名", "fewer than one child"};
  return {"约" + number + "名", "about " + number + (number == "1" ? " child" : " children")};
}

void SectionLines::begin(std::string zh, std::string en) { heading_ = {std::move(zh), std::move(en)}; }

void SectionLines::add(StatementLine::Kind kind, std::string zh, std::string en) {
  if (!heading_.zh.empty()) {
    ++count_;
    lines_.push_back({StatementLine::Kind::heading,
                      kNumerals[static_cast<std::size_t>(count_ - 1)] + std::string("、") + heading_.zh,
                      std::to_string(count_) + ". " + heading_.en});
    heading_ = {};
  }
  lines_.push_back({kind, std::move(zh), std::move(en)});
}

std::vector<StatementLine> make_statement(const StatementInput& input) {
  const StatementFacts facts(input);
  std::vector<StatementLine> lines{{StatementLine::Kind::title, "《" + input.plan_name + "》影响说明（征求意见稿）",
                                    "Impact statement for consultation: " + input.plan_name}};
  if (input.synthetic) {
    lines.push_back({StatementLine::Kind::warning, "合成数据：文中的学校、地址和人数均为虚构，仅供演示。",
                     "Synthetic: every school, address and child in this text is made up."});
  }
  lines.push_back({StatementLine::Kind::paragraph,
                   "为便于公众了解学区调整的影响，现将本方案与现行划片的差别说明如下，并征求意见。",
                   "This is what the plan would change against the zones in force. Comments are invited."});
  int count = 0;
  SectionLines section(lines, count);
  say_changes(facts, section);
  say_extent(facts, section);
  say_who_stays(facts, section);
  say_walks(facts, section);
  say_farther(facts, section);
  say_seats(facts, section);
  say_unknown(facts, section);
  say_how_to_object(section);
  return lines;
}

namespace {

// What would be a mark of Markdown at the place it stands.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '*' || c == '_' || c == '`' || c == '[' || c == '<' || c == '#' || c == '|' || c == '\\') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out;
}

}  // namespace

std::string to_markdown(const std::vector<StatementLine>& lines, Language language) {
  std::string out;
  StatementLine::Kind last = StatementLine::Kind::title;
  for (const StatementLine& line : lines) {
    const std::string text = plain(language == Language::chinese ? line.zh : line.en);
    const bool list_ends = last == StatementLine::Kind::item && line.kind != StatementLine::Kind::item;
    if (list_ends) out += "\n";
    last = line.kind;
    switch (line.kind) {
      case StatementLine::Kind::title:
        out += "# " + text + "\n\n";
        break;
      case StatementLine::Kind::warning:
        out += "> **" + text + "**\n\n";
        break;
      case StatementLine::Kind::heading:
        out += "## " + text + "\n\n";
        break;
      case StatementLine::Kind::paragraph:
        out += text + "\n\n";
        break;
      case StatementLine::Kind::item:
        out += "- " + text + "\n";
    }
  }
  while (out.ends_with("\n\n")) out.pop_back();
  return out;
}

}  // namespace catchment::engine::planning
