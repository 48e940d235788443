// Classes, and who comes on the first days of school.
#include <algorithm>
#include <charconv>
#include <map>

#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/season/level_run.hpp"
#include "engine/admission/season/run_heads.hpp"

namespace catchment::engine::admission {

namespace {

Digest synthetic_pupil_leaf(Suite suite, const Code& code) {
  std::string bytes(1, '\0');
  bytes += "code: " + std::string(view(code)) + "\n" + std::string(32, '\0');
  return hash(suite, bytes);
}

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

void LevelRun::deal_classes_of_schools() {
  run_until(now_or(rules_.times.deal));
  lock_seats();  // of whoever registered since
  std::vector<std::vector<std::uint32_t>> pupils(in_.schools.size());
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildState& state = season_.children()[child];
    if (find_transition(state.stage, Kind::deal_class) != nullptr) pupils[state.seat].push_back(child);
  }
  for (std::uint32_t school = 0; school < in_.schools.size(); ++school) {
    if (!pupils[school].empty()) deal_school(school, pupils[school]);
  }
}

void LevelRun::deal_school(std::uint32_t school, const std::vector<std::uint32_t>& pupils) {
  ClassManifest manifest;
  manifest.draw = in_.place + "-" + in_.level + "-" + in_.schools[school].id + "-classes";
  manifest.format = "classes/1", manifest.suite = rules_.suite;
  manifest.classes = std::max(1, in_.schools[school].classes);
  std::vector<ListedPupil> listed;
  std::map<int, int> same_name;
  for (const std::uint32_t child : pupils) ++same_name[in_.children[child].namesake];
  for (const std::uint32_t child : pupils) {
    const RunChild& who = in_.children[child];
    const bool together = who.unit != kNobody && std::ranges::binary_search(pupils, who.unit);
    const Code unit = together ? in_.children[who.unit].code : who.code;
    const int shared = same_name[who.namesake] > 1 ? who.namesake : 0;
    listed.push_back({{who.code, unit, who.girl, who.needs, shared}, synthetic_pupil_leaf(rules_.suite, who.code)});
  }
  std::ranges::sort(listed, {}, [](const ListedPupil& p) { return p.pupil.code; });
  ProofFolder folder;
  folder.list = print(listed), folder.ceremony = print(in_.class_ceremony);
  manifest.list = hash(rules_.suite, folder.list), manifest.rules = hash(rules_.suite, "rules\n");
  folder.manifest = print(manifest);
  const std::string result =
      kClassesKind.recompute(folder, proof_seed(kClassesKind.format, rules_.suite, folder.manifest, folder.ceremony));
  std::vector<std::uint32_t> by_code = pupils;
  const auto code_of = [this](std::uint32_t child) { return in_.children[child].code; };
  std::ranges::sort(by_code, {}, code_of);
  for (const auto& [code, number] : dealt_classes(result)) {
    answers_[*std::ranges::lower_bound(by_code, code, {}, code_of)].school_class = number;
  }
  for (const std::uint32_t child : pupils) bureau(event_of(Kind::deal_class, child));
  draws_.push_back({manifest.draw,
                    "classes",
                    school,
                    static_cast<int>(pupils.size()),
                    0,
                    season_.now(),
                    {folder.manifest, folder.list, folder.ceremony, result, std::string(kClassesKind.list_file), {}}});
  if (auto heads = draw_heads(in_, rules_, draws_.back())) draws_.push_back(std::move(*heads));
}

// Who may not enter here, or came to nobody's notice, is settled.
void LevelRun::give_up_families() {
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    const ChildStage stage = season_.children()[child].stage;
    const bool refused_here = stage == ChildStage::rejected && in_.children[child].way == SeatWay::none;
    if (refused_here) {
      bureau(event_of(Kind::withdraw, child));
    } else if (find_transition(stage, Kind::trace) != nullptr) {
      bureau(event_of(Kind::trace, child));
    }
  }
}

void LevelRun::see_who_comes() {
  run_until(rules_.season.window(SeasonWindow::report).until);
  at_ += std::chrono::seconds(1);
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    if (season_.children()[child].stage == ChildStage::in_class) bureau(event_of(Kind::no_report, child));
  }
  run_until(now_or(rules_.times.trace));
  give_up_families();
  run_until(now_or(rules_.times.close));
  for (std::uint32_t child = 0; child < in_.children.size(); ++child) {
    ChildAnswer& answer = answers_[child];
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
  bureau(event_of(Kind::close, kNobody));
}

}  // namespace catchment::engine::admission
