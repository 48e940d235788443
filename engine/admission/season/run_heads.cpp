#include "engine/admission/season/run_heads.hpp"

#include <algorithm>

#include "engine/admission/classes/class_files.hpp"

namespace catchment::engine::admission {

std::size_t count_classes(const RunDraw& classes) {
  const std::vector<ListedPlace> dealt = parse_class_list(kResultFile, classes.files.result);
  return static_cast<std::size_t>(dealt.empty() ? 0 : dealt.back().school_class);
}

RunDraw open_heads(const RunInput& input, const RunRules& rules, const RunDraw& classes, std::span<const Code> heads) {
  const RunSchool& school = input.schools[classes.school];
  std::vector<ListedCode> listed;
  for (const Code& code : heads) {
    std::string leaf(1, '\0');  // no record lies behind a teacher's code
    leaf += "code: " + std::string(view(code)) + "\n" + std::string(32, '\0');
    listed.push_back({code, hash(rules.suite, leaf)});
  }
  std::ranges::sort(listed, {}, &ListedCode::code);
  ClassManifest manifest;
  manifest.draw = input.place + "-" + input.level + "-" + school.id + "-heads";
  manifest.format = kHeadsKind.format, manifest.suite = rules.suite;
  manifest.terms = input.terms;
  RunDraw draw;
  draw.files.list = print(listed), draw.files.list_name = kHeadsKind.list_file, draw.files.deal = classes.files.result;
  manifest.deal = hash(rules.suite, draw.files.deal), manifest.list = hash(rules.suite, draw.files.list);
  manifest.rules = input.rules_digest.value_or(hash(rules.suite, "rules\n"));
  draw.files.manifest = print(manifest);
  draw.id = manifest.draw, draw.kind = "head_teachers", draw.school = classes.school;
  draw.applicants = static_cast<int>(heads.size());
  return draw;
}

void conclude_heads(RunDraw& draw, const RunRules& rules, const Ceremony& ceremony) {
  ProofFolder folder;
  folder.manifest = draw.files.manifest, folder.list = draw.files.list, folder.deal = draw.files.deal;
  folder.ceremony = draw.files.ceremony = print(ceremony);
  draw.files.result =
      kHeadsKind.recompute(folder, proof_seed(kHeadsKind.format, rules.suite, folder.manifest, folder.ceremony));
}

std::optional<RunDraw> draw_heads(const RunInput& input, const RunRules& rules, const RunDraw& classes) {
  const std::span<const Code> heads = input.schools[classes.school].heads;
  const std::size_t wanted = count_classes(classes);
  if (wanted == 0 || heads.size() < wanted) return std::nullopt;
  RunDraw draw = open_heads(input, rules, classes, heads.first(wanted));
  conclude_heads(draw, rules, input.head_ceremony);
  draw.at = classes.at + std::chrono::days(1);
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
