// `catchment draw rehearse`: everything a few newcomers need to play a draw through in twenty minutes.
#include <algorithm>
#include <memory>

#include "engine/admission/lottery/audit.hpp"
#include "engine/admission/lottery/proof_check.hpp"
#include "server/cli/draw/draw.hpp"

namespace catchment::cli {

namespace {

constexpr int kRehearsalChildren = 24, kRehearsalSeats = 10;
constexpr std::string_view kRehearsalRules = "rehearsal: synthetic children, no seat is given\n";

proofs::Code rehearsal_code(int number) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const proofs::Digest bytes = proofs::hash(proofs::Suite::sha256, "rehearsal code " + std::to_string(number));
  proofs::Code code;
  for (std::size_t i = 0; i < code.size(); ++i) code[i] = kAlphabet[bytes[i] % 32];
  return code;
}

// Made-up children: twenty-four in two tiers, among them one pair of twins.
std::vector<proofs::RollLine> rehearsal_roll() {
  std::vector<proofs::RollLine> roll;
  for (int i = 0; i < kRehearsalChildren; ++i) {
    const proofs::Code code = rehearsal_code(i);
    const std::string record =
        "code: " + std::string(proofs::view(code)) + "\nname: SYNTHETIC " + std::to_string(i) + "\n";
    const proofs::Digest salt = proofs::hash(proofs::Suite::sha256, "rehearsal salt " + std::to_string(i));
    roll.push_back({code, code, i < 6 ? 0 : 1, proofs::leaf_hash(proofs::Suite::sha256, record, salt)});
  }
  roll[8].unit = roll[7].code;
  std::sort(roll.begin(), roll.end(),
            [](const proofs::RollLine& a, const proofs::RollLine& b) { return a.code < b.code; });
  return roll;
}

int write_rehearsal(const std::filesystem::path& folder) {
  const proofs::Digest notary = proofs::hash(proofs::Suite::sha256, "rehearsal notary"),
                       bureau = proofs::hash(proofs::Suite::sha256, "rehearsal bureau");
  const std::vector<proofs::RollLine> roll = rehearsal_roll();
  proofs::Manifest manifest;
  manifest.draw = "REHEARSAL-SYNTHETIC";
  manifest.seats = kRehearsalSeats;
  manifest.roll = proofs::hash(manifest.suite, print(roll));
  manifest.rules = proofs::hash(manifest.suite, kRehearsalRules);
  manifest.waitlist = proofs::WaitlistRule::order;
  manifest.terms.commitments = {proofs::nonce_commitment(manifest.suite, "notary", notary),
                                proofs::nonce_commitment(manifest.suite, "bureau", bureau)};
  std::filesystem::create_directories(folder);
  write_proof_file(folder / "roll.tsv", print(roll));
  write_proof_file(folder / "manifest.txt", print(manifest));
  write_proof_file(folder / "rules.txt", kRehearsalRules);
  write_proof_file(folder / "sealed-notary.txt", "notary: " + proofs::to_hex(notary) + "\n");
  write_proof_file(folder / "sealed-bureau.txt", "bureau: " + proofs::to_hex(bureau) + "\n");
  write_proof_file(folder / "kit.html", rehearsal_page(manifest, roll, proofs::to_hex(notary), proofs::to_hex(bureau)));
  std::printf(
      "A rehearsal with made-up children is in %s. Print kit.html and follow it; ceremony.txt is written in step 5.\n",
      folder.string().c_str());
  return kDone;
}

}  // namespace

void add_draw_rehearse(CLI::App& draw, Invocation& invocation) {
  auto folder = std::make_shared<std::string>();
  CLI::App* command = draw.add_subcommand(
      "rehearse", "A kit to play a draw through in twenty minutes: form, dice table, script, a made-up roll");
  command->add_option("folder", *folder, "Folder to write the kit to")->required();
  command->callback([folder, &invocation] { invocation.run = [folder] { return write_rehearsal(*folder); }; });
}

}  // namespace catchment::cli
