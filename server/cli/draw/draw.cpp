// `catchment draw`: a verifiable lottery over a folder of proof files (engine/admission/lottery/draw-1.md).
#include "server/cli/draw/draw.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "engine/admission/lottery/draw.hpp"
#include "geo/input_error.hpp"

namespace catchment::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct DrawOptions {
  std::string folder, code, manifest_hash;
};

json draw_hashes_json(const proofs::ProofKind& kind, const proofs::ProofCheck& check) {
  return {{"draw", check.draw},
          {"format", std::string(kind.format)},
          {"suite", std::string(proofs::to_word(check.suite))},
          {"manifest", proofs::to_hex(check.hashes.manifest)},
          {std::string(kind.list_key), proofs::to_hex(check.hashes.list)},
          {"ceremony", proofs::to_hex(check.hashes.ceremony)},
          {"seed", proofs::to_hex(check.hashes.seed)},
          {"result", proofs::to_hex(check.hashes.result)}};
}

void print_draw_check(const proofs::ProofKind& kind, const proofs::ProofCheck& check) {
  for (const std::string& incident : check.incidents) std::printf("note: %s\n", incident.c_str());
  std::printf("%s, %s\n%s", check.draw.c_str(), std::string(proofs::to_word(check.suite)).c_str(),
              proofs::print_hashes(kind, check.hashes).c_str());
}

// The lines of a result that speak of a code, or of its unit.
std::vector<std::string> draw_lines_of(const std::string& result, const std::string& code) {
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < result.size();) {
    const std::size_t end = result.find('\n', from);
    const std::string line = result.substr(from, end - from);
    if (("\t" + line + "\t").find("\t" + code + "\t") != std::string::npos) lines.push_back(line);
    from = end + 1;
  }
  return lines;
}

int run_draw_folder(const DrawOptions& options, const Invocation& invocation) {
  const fs::path folder = options.folder;
  const ProofDesk desk = open_proof_folder(folder);
  if (is_proof_file(folder / "ceremony-2.txt") && read_proof_file(folder / "ceremony-2.txt") != desk.folder.ceremony)
    throw InputError("draw_typed_twice", "ceremony-2.txt",
                     "is not what was typed into ceremony.txt; read the deed again");
  const proofs::ProofCheck check = proofs::run_proof(*desk.kind, desk.folder);
  write_proof_file(folder / "result.tsv", check.result);
  write_proof_file(folder / "hashes.txt", proofs::print_hashes(*desk.kind, check.hashes));
  if (invocation.wants_json()) write_output(invocation.json_path, draw_hashes_json(*desk.kind, check).dump(2));
  if (invocation.json_path != "-") print_draw_check(*desk.kind, check);
  return kDone;
}

json draw_findings_json(const std::vector<proofs::ProofFinding>& findings) {
  json list = json::array();
  for (const proofs::ProofFinding& f : findings)
    list.push_back({{"files", f.files}, {"where", f.where}, {"message", f.message}});
  return list;
}

int verify_one_draw(const DrawOptions& options, const Invocation& invocation) {
  const ProofDesk desk = open_proof_folder(options.folder);
  if (!desk.folder.result) throw InputError("draw_file", "result.tsv", "is missing; `draw run` makes it");
  proofs::ProofCheck check = proofs::check_proof(*desk.kind, desk.folder);
  const std::string hash = proofs::to_hex(check.hashes.manifest);
  if (!options.manifest_hash.empty() && hash.compare(0, options.manifest_hash.size(), options.manifest_hash) != 0)
    check.findings.push_back(
        {{"manifest.txt"}, "manifest.txt", "manifest.txt: its hash " + hash + " is not the one given"});
  const std::vector<std::string> lines =
      options.code.empty() || !check.same() ? std::vector<std::string>{} : draw_lines_of(check.result, options.code);
  if (!options.code.empty() && check.same() && lines.empty())
    throw InputError("draw_code", "--code", options.code + " is not in this draw");
  if (invocation.wants_json()) {
    json out = draw_hashes_json(*desk.kind, check);
    out["same"] = check.same(), out["findings"] = draw_findings_json(check.findings),
    out["incidents"] = check.incidents;
    out["lines"] = lines;
    write_output(invocation.json_path, out.dump(2));
  }
  if (invocation.json_path != "-") {
    for (const proofs::ProofFinding& finding : check.findings) std::printf("DIFFERENT %s\n", finding.message.c_str());
    if (check.same()) std::printf("SAME "), print_draw_check(*desk.kind, check);
    for (const std::string& line : lines) std::printf("%s\n", line.c_str());
  }
  return check.same() ? kDone : kFindings;
}

// Folders with a manifest, in order of their names: the pools of one ceremony.
std::vector<std::string> draw_pool_names(const fs::path& folder) {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && is_proof_file(entry.path() / "manifest.txt"))
      names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

int verify_draw_pools(const DrawOptions& options, const Invocation& invocation, const std::vector<std::string>& names) {
  std::vector<proofs::ProofFolder> pools;
  bool dealings = false;  // of classes: one may go on from another
  for (const std::string& name : names) {
    const ProofDesk desk = open_proof_folder(fs::path(options.folder) / name);
    pools.push_back(desk.folder);
    dealings = dealings || desk.kind != &proofs::kDrawKind;
    if (!pools.back().result) throw InputError("draw_file", name + "/result.tsv", "is missing");
  }
  const std::vector<proofs::ProofFinding> findings =
      dealings ? proofs::check_dealings(pools, names) : proofs::check_pools(pools, names);
  if (invocation.wants_json()) {
    const json out{{"same", findings.empty()}, {"pools", names}, {"findings", draw_findings_json(findings)}};
    write_output(invocation.json_path, out.dump(2));
  }
  if (invocation.json_path != "-") {
    for (const proofs::ProofFinding& finding : findings) std::printf("DIFFERENT %s\n", finding.message.c_str());
    if (findings.empty())
      std::printf("SAME %zu %s\n", names.size(), dealings ? "dealings" : "draws under one ceremony");
  }
  return findings.empty() ? kDone : kFindings;
}

int verify_draw_folder(const DrawOptions& options, const Invocation& invocation) {
  if (!is_proof_file(fs::path(options.folder) / "manifest.txt") && fs::is_directory(options.folder)) {
    const std::vector<std::string> names = draw_pool_names(options.folder);
    if (!names.empty()) return verify_draw_pools(options, invocation, names);
  }
  return verify_one_draw(options, invocation);
}

}  // namespace

bool is_proof_file(const fs::path& path) {
  std::error_code none;
  return fs::is_regular_file(path, none);
}

std::string read_proof_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!is_proof_file(path) || !in)
    throw InputError("draw_file", path.filename().string(), "is missing in " + path.parent_path().string());
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_proof_file(const fs::path& path, std::string_view text) {
  if (is_proof_file(path)) {
    if (read_proof_file(path) == text) return;
    throw InputError("draw_exists", path.filename().string(), "is there with other content; it is never overwritten");
  }
  const fs::path part = path.string() + ".part";
  std::ofstream out(part, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw std::system_error(errno, std::generic_category(), part.string());
  fs::rename(part, path);
}

ProofDesk open_proof_folder(const fs::path& path) {
  ProofDesk desk;
  desk.folder.manifest = read_proof_file(path / "manifest.txt");
  desk.kind = proofs::find_proof_kind(proofs::format_of(desk.folder.manifest));
  if (desk.kind == nullptr && !is_proof_file(path / "roll.tsv"))
    throw InputError("draw_form", "manifest.txt:2", "format: must be draw/1, classes/1, heads/1 or late/1");
  if (desk.kind == nullptr) desk.kind = &proofs::kDrawKind;
  desk.folder.list = read_proof_file(path / std::string(desk.kind->list_file));
  desk.folder.ceremony = read_proof_file(path / "ceremony.txt");
  if (desk.kind->read_deal != nullptr) desk.folder.deal = read_proof_file(path / "deal.tsv");
  if (is_proof_file(path / "result.tsv")) desk.folder.result = read_proof_file(path / "result.tsv");
  if (is_proof_file(path / "hashes.txt")) desk.folder.hashes = read_proof_file(path / "hashes.txt");
  return desk;
}

void register_draw(CLI::App& app, Invocation& invocation) {
  auto options = std::make_shared<DrawOptions>();
  CLI::App* draw = app.add_subcommand("draw", "Verifiable lotteries: run, verify, rehearse, log, audit");
  draw->require_subcommand(1);
  CLI::App* run = draw->add_subcommand(
      "run", "Write result.tsv and hashes.txt from manifest, list and ceremony; never over another result");
  run->add_option("folder", options->folder, "Folder of proof files")->required();
  add_json_option(*run, invocation);
  run->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return run_draw_folder(*options, invocation); };
  });
  CLI::App* verify = draw->add_subcommand("verify", "Recompute a draw and name the file that is wrong; 1 if one is");
  verify
      ->add_option("folder", options->folder,
                   "Folder of proof files, or of several: draws under one ceremony, or the dealings of a school")
      ->required();
  verify->add_option("--code", options->code, "Show the line of this child");
  verify->add_option("--manifest-hash", options->manifest_hash,
                     "Hash of manifest.txt as printed in the deed, or its beginning");
  add_json_option(*verify, invocation);
  verify->callback([options, &invocation] {
    invocation.run = [options, &invocation] { return verify_draw_folder(*options, invocation); };
  });
  add_draw_rehearse(*draw, invocation);
  add_draw_log(*draw, invocation);
  add_draw_audit(*draw, invocation);
}

}  // namespace catchment::cli
