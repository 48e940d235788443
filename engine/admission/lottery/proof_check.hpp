// Holds a folder of proof files against one another and names the file that is wrong. The same for every kind of draw:
// a manifest, a list of those who take part, a ceremony, a result, and perhaps the hashes printed in the deed.
//
// With hashes.txt the changed file is always told. Without it a changed list, manifest or result is told by the
// tickets, which depend on manifest and ceremony but not on the list; where result and seed have nothing in common, any
// of manifest, ceremony and result may be the wrong one, and all three are named.
//
// heads/1 and late/1 go on from an earlier dealing: its class list is one of their files (deal.tsv), and its hash
// stands in the manifest, so that it cannot be another one unnoticed.
#pragma once

#include <span>

#include "engine/admission/lottery/proof_files.hpp"

namespace catchment::engine::admission {

// The bytes of a folder.
struct ProofFolder {
  std::string manifest, list, ceremony;
  std::optional<std::string> result;  // none before the draw was run
  std::optional<std::string> hashes;
  std::optional<std::string> deal;  // of a kind that goes on from a dealing: result.tsv of that one
};

// What every manifest says.
struct ProofHead {
  std::string draw;
  Suite suite = Suite::sha256;
  Digest list{};
  std::optional<std::array<Digest, 2>> commitments;
  std::optional<Digest> deal;
  std::optional<std::chrono::local_seconds> ceremony;
};

// A kind of draw. Its functions throw InputError for content that is not in form.
struct ProofKind {
  std::string_view format;     // as the manifest has it, "draw/1"; also the first word of what is hashed
  std::string_view list_key;   // of the list's hash in manifest and deed, "roll"
  std::string_view list_file;  // "roll.tsv"
  ProofHead (*read_manifest)(std::string_view text);
  void (*read_list)(std::string_view text);
  void (*read_result)(std::string_view text);
  std::string (*recompute)(const ProofFolder& folder, const Digest& seed);
  // Whether any ticket of the published result is one of this seed.
  bool (*knows_ticket)(const ProofFolder& folder, const Digest& seed);
  // Of a kind that goes on from a dealing: reads deal.tsv.
  void (*read_deal)(std::string_view text) = nullptr;
  // Such lines of a result alone have tickets of its own seed; empty: all of them.
  std::string_view own_note{};
};

struct ProofFinding {
  std::vector<std::string> files;  // the one that is wrong; several where any of them may be
  std::string where;               // "file:line" or the first file
  std::string message;
};

struct ProofCheck {
  std::vector<ProofFinding> findings;  // none: the result is that of these files
  std::vector<std::string> incidents;  // no fault of the proof, but must be said: a number not opened
  std::string draw;
  Suite suite = Suite::sha256;
  PublishedHashes hashes;
  std::string result;  // as recomputed; empty where it could not be

  bool same() const { return findings.empty(); }
};

// From the bytes of the two files: H(format " seed\n" | H(manifest.txt) | H(ceremony.txt)).
Digest proof_seed(std::string_view format, Suite suite, std::string_view manifest_text, std::string_view ceremony_text);

// What is hashed for a ticket: format " ticket\n" draw "\n" unit "\n".
std::string ticket_message(std::string_view format, std::string_view draw, std::string_view unit);

// What is committed to in a manifest: H("draw/1 nonce\n" role "\n" number), role notary or bureau.
Digest nonce_commitment(Suite suite, std::string_view role, const Digest& number);

// Never throws for bad content. Without result.tsv only the other files are checked.
ProofCheck check_proof(const ProofKind& kind, const ProofFolder& folder);

// The result of a folder without one. Throws InputError for a file not in form or that does not fit, naming it.
ProofCheck run_proof(const ProofKind& kind, const ProofFolder& folder);

std::string print_hashes(const ProofKind& kind, const PublishedHashes& hashes);

// The format a manifest names, empty where it names none. Its form is not checked.
std::string_view format_of(std::string_view manifest_text) noexcept;

}  // namespace catchment::engine::admission
