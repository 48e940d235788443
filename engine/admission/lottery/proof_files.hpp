// The four files of a draw/1, as they are written down in draw-1.md. parse -> print gives the same bytes, or parse
// throws InputError{"draw_form", "file:line", "field: message"}.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "engine/admission/lottery/hash_suite.hpp"

namespace catchment::engine::admission {

inline constexpr std::string_view kManifestFile = "manifest.txt", kRollFile = "roll.tsv",
                                  kCeremonyFile = "ceremony.txt", kResultFile = "result.tsv",
                                  kHashesFile = "hashes.txt", kDealFile = "deal.tsv";

// A bundle larger than the seats left waits whole, or comes in whole over plan.
enum class BundleRule : std::uint8_t { skip, over };
// Who takes a seat given up: the next that waits, or whoever a draw of its own among them names.
enum class WaitlistRule : std::uint8_t { order, fresh };

// One draw of several under one ceremony, such as girls and boys of one school.
struct Quota {
  std::string draw;
  int seats = 0;

  bool operator==(const Quota&) const = default;
};

// What any manifest may say of its ceremony; each may be absent.
struct CeremonyTerms {
  std::optional<std::array<Digest, 2>> commitments;    // of the notary's and the bureau's number
  std::optional<std::chrono::local_seconds> ceremony;  // to the minute
  std::string place;
};

// Everything that has an effect, fixed before the dice.
struct Manifest {
  std::string draw;
  Suite suite = Suite::sha256;
  int seats = 0;
  BundleRule bundle = BundleRule::skip;
  Digest roll{};   // of roll.tsv
  Digest rules{};  // of the published text of the rules and the verifiers
  // What may be absent:
  std::vector<Quota> quotas;  // sorted by draw; this draw among them
  std::optional<WaitlistRule> waitlist;
  std::optional<std::chrono::local_days> waitlist_until;  // last day on which a seat is passed on
  std::vector<std::string> witnesses;                     // C2SP verifier keys, sorted
  int quorum = 0;                                         // of the witnesses; 0 without any
  CeremonyTerms terms;
};

struct RollLine {
  Code code{};
  Code unit{};  // the code of the child whose ticket is drawn: the own one, or that of a sibling in a bundle
  int tier = 0;
  Digest leaf{};
};

struct Ceremony {
  struct Dice {
    std::string role;
    std::string digits;  // 1 to 64
  };
  std::vector<Dice> dice;  // at least one, sorted by role
  Digest notary{}, bureau{};
};

struct ResultLine {
  int rank = 0;  // of the unit, from 1
  Code code{};
  Code unit{};
  int tier = 0;
  Ticket ticket{};
  bool admitted = false;
};

// The hashes a deed prints. Not needed to verify, but with them the file that was changed can always be told.
struct PublishedHashes {
  Digest manifest{}, list{}, ceremony{}, seed{}, result{};
  std::optional<Digest> deal;  // of the dealing that a draw goes on from
};

class ProofKeys;
// The last lines of any manifest.
CeremonyTerms read_terms(ProofKeys& keys);
std::string print(const CeremonyTerms& terms);

// YYYY-MM-DDTHH:MM, exactly.
std::optional<std::chrono::local_seconds> find_proof_minute(std::string_view text);
std::string proof_minute_text(std::chrono::local_seconds time);

Manifest parse_manifest(std::string_view text);
std::vector<RollLine> parse_roll(std::string_view text);
Ceremony parse_ceremony(std::string_view text);
std::vector<ResultLine> parse_result(std::string_view text);

std::string print(const Manifest& manifest);
std::string print(const std::vector<RollLine>& roll);
std::string print(const Ceremony& ceremony);
std::string print(const std::vector<ResultLine>& result);

}  // namespace catchment::engine::admission
