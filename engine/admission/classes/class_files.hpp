// The files of class dealing, as draw-1.md writes them down; the same proof as a draw/1 with other lists.
//
//   classes/1  pupils.tsv  code, unit, F or M, needs 0 or 1, namesake group, leaf
//   heads/1    heads.tsv   code, leaf; one for each class of deal.tsv       -> class, code, ticket
//   late/1     late.tsv    code, F or M, needs, codes of namesakes, leaf
//
// classes/1 and late/1 give a class list: class, code, unit, sex, needs, ticket, note. That of late/1 is the one it
// goes on from, less who left, and those who joined, noted LATE; so late arrivals may follow late arrivals.
#pragma once

#include "engine/admission/classes/class_deal.hpp"
#include "engine/admission/lottery/proof_check.hpp"

namespace catchment::engine::admission {

struct ClassManifest {
  std::string draw;
  std::string format;  // classes/1, heads/1 or late/1
  Suite suite = Suite::sha256;
  int classes = 0;             // classes/1: 1 to 999
  std::optional<Digest> deal;  // heads/1 and late/1: of the class list they go on from
  std::vector<Code> gone;      // late/1: who left since; sorted
  Digest list{};
  Digest rules{};
  CeremonyTerms terms;
};

struct ListedPupil {
  ClassPupil pupil;
  Digest leaf{};
};
struct ListedCode {
  Code code{};
  Digest leaf{};
};
struct ListedLate {
  LatePupil pupil;
  Digest leaf{};
};
struct ListedPlace {
  ClassPupil pupil;  // namesake: not told
  int school_class = 0;
  Ticket ticket{};
  std::string note;  // -, SPLIT, NAMESAKE, SPLIT+NAMESAKE, LATE, LATE+NAMESAKE
};

ClassManifest parse_class_manifest(std::string_view format, std::string_view text);
std::vector<ListedPupil> parse_pupils(std::string_view text);
std::vector<ListedCode> parse_codes(std::string_view file, std::string_view text);
std::vector<ListedLate> parse_late(std::string_view text);
// Sorted by (class, code), no code twice. `file` is for errors.
std::vector<ListedPlace> parse_class_list(std::string_view file, std::string_view text);

std::string print(const ClassManifest& manifest);
std::string print(const std::vector<ListedPupil>& pupils);
std::string print(const std::vector<ListedCode>& codes);
std::string print(const std::vector<ListedLate>& late);
std::string print(const std::vector<ListedPlace>& places);

extern const ProofKind kClassesKind, kHeadsKind, kLateKind;

// draw/1, classes/1, heads/1 or late/1; null for any other format.
const ProofKind* find_proof_kind(std::string_view format) noexcept;

// The dealings of a school, in any order: each by itself, then that what each goes on from is the result of one of
// them, that no two had the same ceremony (a known number decides nothing), and that those which name a time come after
// what they go on from. `names` of the folders are for findings.
std::vector<ProofFinding> check_dealings(std::span<const ProofFolder> folders, std::span<const std::string> names);

}  // namespace catchment::engine::admission
