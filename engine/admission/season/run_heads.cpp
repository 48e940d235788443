#include "engine/admission/season/run_heads.hpp"

#include <algorithm>

#include "engine/admission/classes/class_files.hpp"

namespace catchment::engine::admission {

std::optional<RunDraw> draw_heads(const RunInput& input, const RunRules& rules, const RunDraw& classes) {
  const RunSchool& school = input.schools[classes.school];
  const std::vector<ListedPlace> dealt = parse_class_list(kResultFile, classes.files.result);
  const auto wanted = static_cast<std::size_t>(dealt.empty() ? 0 : dealt.back().school_class);
  if (wanted == 0 || school.heads.size() < wanted) return std::nullopt;
  std::vector<ListedCode> listed;
  for (std::size_t i = 0; i < wanted; ++i) {
    std::string leaf(1, '\0');  // made-up people have no record behind it
    leaf += "code: " + std::string(view(school.heads[i])) + "\n" + std::string(32, '\0');
    listed.push_back({school.heads[i], hash(rules.suite, leaf)});
  }
  std::ranges::sort(listed, {}, &ListedCode::code);
  ClassManifest manifest;
  manifest.draw = input.place + "-" + input.level + "-" + school.id + "-heads";
  manifest.format = kHeadsKind.format, manifest.suite = rules.suite;
  ProofFolder folder;
  folder.list = print(listed), folder.ceremony = print(input.head_ceremony), folder.deal = classes.files.result;
  manifest.deal = hash(rules.suite, *folder.deal), manifest.list = hash(rules.suite, folder.list);
  manifest.rules = hash(rules.suite, "rules\n");
  folder.manifest = print(manifest);
  std::string result =
      kHeadsKind.recompute(folder, proof_seed(kHeadsKind.format, rules.suite, folder.manifest, folder.ceremony));
  RunDraw draw;
  draw.id = manifest.draw, draw.kind = "head_teachers", draw.school = classes.school;
  draw.applicants = static_cast<int>(wanted), draw.at = classes.at + std::chrono::days(1);
  draw.files = {folder.manifest, folder.list, folder.ceremony, std::move(result), std::string(kHeadsKind.list_file),
                *folder.deal};
  return draw;
}

std::vector<Code> heads_of_classes(const RunDraw& heads) {
  std::vector<Code> codes;
  const std::string_view text = heads.files.result;
  for (std::size_t from = 0; from < text.size(); from = text.find('\n', from) + 1) {
    Code code{};
    parse_code(text.substr(text.find('\t', from) + 1, code.size()), code);
    codes.push_back(code);
  }
  return codes;
}

}  // namespace catchment::engine::admission
