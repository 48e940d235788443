// Classes, and who comes on the first days of school.
#include <algorithm>
#include <charconv>
#include <map>

#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/season/season_office.hpp"

namespace catchment::engine::admission {

namespace {

// First column of each line: the class; second: the code.
std::vector<std::pair<Code, std::uint32_t>> dealt_classes(std::string_view text) {
  std::vector<std::pair<Code, std::uint32_t>> dealt;
  while (!text.empty()) {
    std::uint32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    Code code{};
    if (error == std::errc() && text.end() - end > 9) std::copy_n(end + 1, code.size(), code.begin());
    dealt.emplace_back(code, number);
    text.remove_prefix(text.find('\n') + 1);
  }
  return dealt;
}

}  // namespace

std::vector<RunDraw> SeasonOffice::open_classes() const {
  std::vector<std::vector<std::uint32_t>> pupils(in_.schools.size());
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (find_transition(state.stage, Kind::deal_class) != nullptr) pupils[state.seat].push_back(child);
  }
  std::vector<RunDraw> draws;
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    if (!pupils[school].empty()) draws.push_back(open_classes_of(school, pupils[school]));
  }
  return draws;
}

RunDraw SeasonOffice::open_classes_of(std::uint32_t school, std::span<const std::uint32_t> pupils) const {
  std::map<int, int> same_name;
  for (const std::uint32_t child : pupils) ++same_name[in_.children[child].namesake];
  std::vector<ListedPupil> listed;
  for (const std::uint32_t child : pupils) {
    const RunChild& who = in_.children[child];
    const bool together = who.unit != kNobody && std::ranges::binary_search(pupils, who.unit);
    const Code unit = together ? in_.children[who.unit].code : who.code;
    const int shared = same_name[who.namesake] > 1 ? who.namesake : 0;
    listed.push_back({{who.code, unit, who.girl, who.needs, shared}, leaf_of(child)});
  }
  std::ranges::sort(listed, {}, [](const ListedPupil& p) { return p.pupil.code; });
  ClassManifest manifest;
  manifest.draw = in_.place + "-" + in_.level + "-" + in_.schools[school].id + "-classes";
  manifest.format = "classes/1", manifest.suite = rules_.suite;
  manifest.classes = std::max(1, in_.schools[school].classes);
  RunDraw draw;
  draw.id = manifest.draw, draw.kind = "classes", draw.school = school;
  draw.applicants = static_cast<int>(pupils.size());
  draw.files.list = print(listed), draw.files.list_name = kClassesKind.list_file;
  manifest.list = hash(rules_.suite, draw.files.list);
  manifest.rules = in_.rules_digest.value_or(hash(rules_.suite, "rules\n"));
  manifest.terms = in_.terms;
  draw.files.manifest = print(manifest);
  return draw;
}

void SeasonOffice::conclude_classes(RunDraw draw, const Ceremony& ceremony) {
  draw.files.ceremony = print(ceremony);
  ProofFolder folder;
  folder.manifest = draw.files.manifest, folder.list = draw.files.list, folder.ceremony = draw.files.ceremony;
  draw.files.result =
      kClassesKind.recompute(folder, proof_seed(kClassesKind.format, rules_.suite, folder.manifest, folder.ceremony));
  const auto dealt = dealt_classes(draw.files.result);
  for (const auto& [code, number] : dealt) memory_.answers[child_of(code)].school_class = number;
  std::vector<std::uint32_t> pupils;
  for (const auto& [code, number] : dealt) pupils.push_back(child_of(code));
  std::ranges::sort(pupils);
  for (const std::uint32_t child : pupils) decide(event_of(Kind::deal_class, child));
  draw.at = time();
  memory_.draws.push_back(std::move(draw));
}

// Who may not enter here, or came to nobody's notice, is settled.
void SeasonOffice::give_up_families() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildStage stage = season_.children()[child].stage;
    const bool refused_here = stage == ChildStage::rejected && in_.children[child].way == SeatWay::none;
    if (refused_here) {
      decide(event_of(Kind::withdraw, child));
    } else if (find_transition(stage, Kind::trace) != nullptr) {
      decide(event_of(Kind::trace, child));
    }
  }
}

void SeasonOffice::note_absent() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    if (season_.children()[child].stage == ChildStage::in_class) decide(event_of(Kind::no_report, child));
  }
}

void SeasonOffice::close() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    ChildAnswer& answer = memory_.answers[child];
    const ChildState& state = season_.children()[child];
    if (state.seat != kNobody) answer.metres = metres(child, state.seat);
    const SeasonHook hook = state.stage == ChildStage::deferred         ? SeasonHook::deferral
                            : state.stage == ChildStage::dropout_ledger ? SeasonHook::dropout
                                                                        : SeasonHook::registration;
    if (state.seat != kNobody) continue;
    const bool not_here = in_.children[child].way == SeatWay::none && state.stage == ChildStage::withdrawn;
    answer = {};
    answer.clause = not_here ? in_.children[child].clause : rules_.season.clause(hook);
    answer.reason = not_here ? "not_here" : std::string(to_word(state.stage));
  }
  decide(event_of(Kind::close, kNobody));
}

}  // namespace catchment::engine::admission
