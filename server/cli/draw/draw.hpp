// `catchment draw`: its subcommands share how a folder of proof files is read.
#pragma once

#include <filesystem>

#include "engine/admission/classes/class_files.hpp"
#include "server/cli/cli.hpp"

namespace catchment::cli {

namespace proofs = engine::admission;

// The bytes of a file; InputError "draw_file" where it cannot be read.
std::string read_proof_file(const std::filesystem::path& path);
bool is_proof_file(const std::filesystem::path& path);

// Writes a file that is not there yet, whole or not at all. A file with the same bytes is left; with others it throws
// InputError "draw_exists".
void write_proof_file(const std::filesystem::path& path, std::string_view text);

// The folder's kind by its manifest (draw/1 where it names none, whose reader then says what is wrong) and its files.
struct ProofDesk {
  const proofs::ProofKind* kind = nullptr;
  proofs::ProofFolder folder;
};
ProofDesk open_proof_folder(const std::filesystem::path& path);

// The printed pages of a rehearsal: script, form, dice table, the two sealed numbers in hexadecimal, a slip for each
// child.
std::string rehearsal_page(const proofs::Manifest& manifest, const std::vector<proofs::RollLine>& roll,
                           const std::string& notary, const std::string& bureau);

void add_draw_rehearse(CLI::App& draw, Invocation& invocation);
void add_draw_log(CLI::App& draw, Invocation& invocation);    // log, prove, proven
void add_draw_audit(CLI::App& draw, Invocation& invocation);  // audit, promote

}  // namespace catchment::cli
