// The files of class dealing, as draw-1.md writes them down; the same proof as a draw/1 with other lists.
//
//   classes/1  pupils.tsv  code, unit, F or M, needs 0 or 1, namesake group, leaf   -> class, code, unit, sex, needs,
//              ticket, note (-, SPLIT, NAMESAKE or SPLIT+NAMESAKE)
//   heads/1    heads.tsv   code, leaf; one for each class                           -> class, code, ticket
//   late/1     late.tsv    code, leaf                                               -> rank, code, class, ticket
#pragma once

#include "engine/admission/classes/class_deal.hpp"
#include "engine/admission/lottery/proof_check.hpp"

namespace catchment::engine::admission {

struct ClassManifest {
  std::string draw;
  std::string format;  // classes/1, heads/1 or late/1
  Suite suite = Suite::sha256;
  int classes = 0;             // classes/1: 1 to 999
  std::vector<int> sizes;      // late/1: of each class before the late pupils
  std::optional<Digest> deal;  // heads/1 and late/1: of the result.tsv of the dealing they go on from
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

ClassManifest parse_class_manifest(std::string_view format, std::string_view text);
std::vector<ListedPupil> parse_pupils(std::string_view text);
std::vector<ListedCode> parse_codes(std::string_view file, std::string_view text);

std::string print(const ClassManifest& manifest);
std::string print(const std::vector<ListedPupil>& pupils);
std::string print(const std::vector<ListedCode>& codes);

extern const ProofKind kClassesKind, kHeadsKind, kLateKind;

// draw/1, classes/1, heads/1 or late/1; null for any other format.
const ProofKind* find_proof_kind(std::string_view format) noexcept;

}  // namespace catchment::engine::admission
