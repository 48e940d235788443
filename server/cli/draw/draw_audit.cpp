// `catchment draw audit` and `draw promote`: what is done with a draw that was made.
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/admission/lottery/audit.hpp"
#include "engine/admission/lottery/draw.hpp"
#include "engine/admission/lottery/waiting_list.hpp"
#include "geo/input_error.hpp"
#include "server/cli/draw/draw.hpp"

namespace catchment::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct AuditDrawOptions {
  std::string folder, openings, fresh;
  std::size_t sample = 0;
};

struct VerifiedDraw {
  proofs::Manifest manifest;
  std::vector<proofs::RollLine> roll;
  std::vector<proofs::ResultLine> result;
  proofs::Digest seed{};
};

// A draw/1 with its result; refused unless its files agree, for nothing may be built on others.
VerifiedDraw open_verified_draw(const fs::path& folder) {
  const ProofDesk desk = open_proof_folder(folder);
  if (desk.kind != &proofs::kDrawKind) throw InputError("draw_form", "manifest.txt:2", "format: must be draw/1");
  if (!desk.folder.result) throw InputError("draw_file", "result.tsv", "is missing; `draw run` makes it");
  const proofs::ProofCheck check = proofs::check_proof(*desk.kind, desk.folder);
  for (const proofs::ProofFinding& finding : check.findings)
    throw InputError("draw_proof", finding.where, finding.message);
  return {proofs::parse_manifest(desk.folder.manifest), proofs::parse_roll(desk.folder.list),
          proofs::parse_result(*desk.folder.result), check.hashes.seed};
}

std::vector<std::string> cells_of_line(const std::string& line) {
  std::vector<std::string> cells;
  for (std::size_t from = 0;;) {
    const std::size_t tab = line.find('\t', from);
    cells.push_back(line.substr(from, tab - from));
    if (tab == std::string::npos) return cells;
    from = tab + 1;
  }
}

// A line a receipt: code, salt, then the record's lines, with tabs between.
std::vector<proofs::LeafOpening> read_openings(const fs::path& file) {
  const std::string text = read_proof_file(file);
  std::vector<proofs::LeafOpening> openings;
  for (std::size_t from = 0, number = 1; from < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::vector<std::string> cells = cells_of_line(text.substr(from, end - from));
    proofs::LeafOpening opening;
    const bool good =
        cells.size() > 2 && proofs::parse_code(cells[0], opening.code) && proofs::parse_hex(cells[1], opening.salt);
    if (!good)
      throw InputError("draw_form", file.filename().string() + ":" + std::to_string(number),
                       "must be code, salt in hexadecimal and the record's lines, with tabs between");
    for (std::size_t i = 2; i < cells.size(); ++i) opening.record += cells[i] + "\n";
    openings.push_back(std::move(opening));
    from = end + 1;
  }
  return openings;
}

std::string_view leaf_fault_word(proofs::LeafFault fault) {
  constexpr std::string_view kWords[]{"missing", "unknown", "other_leaf", "other_code", "other_tier", "same_identity"};
  return kWords[static_cast<std::size_t>(fault)];
}

int audit_draw(const AuditDrawOptions& options, const Invocation& invocation) {
  const VerifiedDraw draw = open_verified_draw(options.folder);
  std::vector<proofs::Code> winners, sample;
  for (const proofs::ResultLine& line : draw.result) {
    if (line.admitted) winners.push_back(line.code);
  }
  sample = proofs::audit_sample(draw.manifest.suite, draw.manifest.draw, draw.seed, winners, options.sample);
  std::vector<proofs::LeafFinding> findings;
  if (!options.openings.empty())
    findings = proofs::check_openings(draw.manifest.suite, draw.roll, read_openings(options.openings));
  if (invocation.wants_json()) {
    json out{{"draw", draw.manifest.draw}, {"sample", json::array()}, {"findings", json::array()}};
    for (const proofs::Code& code : sample) out["sample"].push_back(std::string(proofs::view(code)));
    for (const proofs::LeafFinding& f : findings)
      out["findings"].push_back(
          {{"code", std::string(proofs::view(f.code))}, {"fault", std::string(leaf_fault_word(f.fault))}});
    write_output(invocation.json_path, out.dump(2));
  }
  if (invocation.json_path != "-") {
    for (const proofs::Code& code : sample) std::printf("look at %s\n", std::string(proofs::view(code)).c_str());
    for (const proofs::LeafFinding& f : findings)
      std::printf("%s %s\n", std::string(leaf_fault_word(f.fault)).c_str(), std::string(proofs::view(f.code)).c_str());
    if (!options.openings.empty()) std::printf("%zu lines, %zu findings\n", draw.roll.size(), findings.size());
  }
  return findings.empty() ? kDone : kFindings;
}

// That a fresh draw is over just those who wait, for no more seats than were given up.
std::vector<std::string> check_fresh_draw(const VerifiedDraw& draw, const VerifiedDraw& fresh,
                                          std::span<const proofs::GoneChild> gone) {
  std::vector<std::string> wrong;
  std::vector<proofs::Code> left;
  std::size_t seats = 0;
  for (const proofs::GoneChild& g : gone) {
    left.push_back(g.code);
    seats += std::ranges::any_of(draw.result, [&](const auto& r) { return r.code == g.code && r.admitted; }) ? 1u : 0u;
  }
  if (proofs::print(proofs::waiting_roll(draw.roll, draw.result, left)) != proofs::print(fresh.roll))
    wrong.emplace_back("roll.tsv of the fresh draw is not of those who wait");
  const auto over = static_cast<std::size_t>(proofs::seats_over_plan(draw.manifest, draw.result));
  if (static_cast<std::size_t>(fresh.manifest.seats) != seats - std::min(over, seats))
    wrong.push_back("the fresh draw is for " + std::to_string(fresh.manifest.seats) + " seats, given up were " +
                    std::to_string(seats) + ", over plan " + std::to_string(over));
  return wrong;
}

int promote_in_draw(const AuditDrawOptions& options, const Invocation& invocation) {
  const fs::path folder = options.folder;
  const VerifiedDraw draw = open_verified_draw(folder);
  const std::vector<proofs::GoneChild> gone = proofs::parse_gone(read_proof_file(folder / "gone.tsv"));
  std::vector<std::string> wrong;
  std::string promotions;
  bool compared = true;
  if (!options.fresh.empty()) {
    wrong = check_fresh_draw(draw, open_verified_draw(options.fresh), gone);
  } else {
    promotions = proofs::print(proofs::pass_on_seats(draw.manifest, draw.result, gone));
    compared = is_proof_file(folder / "promotions.tsv");
    if (compared) {
      const std::string published = read_proof_file(folder / "promotions.tsv");
      const auto [a, b] = std::mismatch(published.begin(), published.end(), promotions.begin(), promotions.end());
      if (published != promotions)
        wrong.push_back("promotions.tsv:" + std::to_string(1 + std::count(published.begin(), a, '\n')) +
                        ": is not what result.tsv and gone.tsv give");
    }
  }
  if (invocation.wants_json())
    write_output(
        invocation.json_path,
        json{{"same", wrong.empty()}, {"compared", compared}, {"findings", wrong}, {"promotions", promotions}}.dump(2));
  if (invocation.json_path != "-") {
    for (const std::string& line : wrong) std::printf("DIFFERENT %s\n", line.c_str());
    if (wrong.empty()) std::printf("%s%s", compared ? "SAME\n" : "", promotions.c_str());
  }
  return wrong.empty() ? kDone : kFindings;
}

}  // namespace

void add_draw_audit(CLI::App& draw, Invocation& invocation) {
  auto options = std::make_shared<AuditDrawOptions>();
  const auto runs = [options, &invocation](CLI::App& command, int (*work)(const AuditDrawOptions&, const Invocation&)) {
    command.add_option("folder", options->folder, "Folder of proof files of a draw/1")->required();
    add_json_option(command, invocation);
    command.callback([options, &invocation, work] {
      invocation.run = [options, &invocation, work] { return work(*options, invocation); };
    });
  };
  CLI::App* audit = draw.add_subcommand("audit", "Open the roll's leaves, pick winners whose papers are looked at");
  audit->add_option("--openings", options->openings,
                    "The receipts: code, salt and the record's lines, with tabs between; 1 if one does not fit");
  audit->add_option("--sample", options->sample, "So many winners");
  runs(*audit, audit_draw);
  CLI::App* promote = draw.add_subcommand(
      "promote", "Who comes in for the seats of gone.tsv; compared with promotions.tsv if that is there");
  promote->add_option("--fresh", options->fresh,
                      "The draw among those who wait, where the manifest says so: its roll and seats");
  runs(*promote, promote_in_draw);
}

}  // namespace catchment::cli
