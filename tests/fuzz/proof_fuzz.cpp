// Any bytes as the files of a draw: refused with InputError or read; what was read prints as the same bytes, and a
// folder of them is checked without an exception. The first byte says which file; files of a folder are cut by NUL.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/admission/classes/class_files.hpp"
#include "engine/admission/lottery/audit.hpp"
#include "engine/admission/lottery/merkle_log.hpp"
#include "engine/admission/lottery/proof_check.hpp"
#include "engine/admission/lottery/waiting_list.hpp"
#include "geo/input_error.hpp"

namespace {

using namespace catchment::engine::admission;

void require(bool holds) {
  if (!holds) std::abort();
}

template <class Parse>
void same_again(std::string_view text, Parse parse) {
  require(print(parse(text)) == text);
}

std::vector<std::string> cut(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t at = text.find('\0');
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

void check_folder(std::string_view text) {
  std::vector<std::string> files = cut(text);
  files.resize(6);
  ProofFolder folder{files[0], files[1], files[2], {}, {}, {}};
  const auto put = [](std::optional<std::string>& where, std::string& file) {
    if (!file.empty()) where = std::move(file);
  };
  put(folder.result, files[3]), put(folder.hashes, files[4]), put(folder.deal, files[5]);
  const ProofKind* kind = find_proof_kind(format_of(folder.manifest));
  if (kind == nullptr) return;
  const ProofCheck check = check_proof(*kind, folder);
  if (!check.same()) return;
  folder.result.reset();
  try {
    const ProofCheck again = run_proof(*kind, folder);
    require(check.result.empty() || again.result == check.result);
  } catch (const catchment::InputError&) {  // check_proof says the same in findings
    require(false);
  }
}

// What a family holds: a record with its salt, and a witness's word.
void open_leaf(std::string_view text) {
  const std::vector<std::string> parts = cut(text);
  RollLine line;
  LeafOpening opening{line.code, parts[0], {}};
  if (parts.size() > 1) parse_code(parts[1], opening.code);
  line.code = opening.code;
  line.leaf = leaf_hash(Suite::sha256, opening.record, opening.salt);
  check_openings(Suite::sha256, std::vector{line}, std::vector{opening, opening});
}

void read_file(int which, std::string_view text) {
  switch (which) {
    case 0:
      return same_again(text, parse_manifest);
    case 1:
      return same_again(text, parse_roll);
    case 2:
      return same_again(text, parse_ceremony);
    case 3:
      return same_again(text, parse_result);
    case 4:
      return same_again(text, [](auto t) { return parse_class_manifest(format_of(t), t); });
    case 5:
      return same_again(text, parse_pupils);
    case 6:
      return same_again(text, [](auto t) { return parse_codes("heads.tsv", t); });
    case 7:
      return same_again(text, parse_late);
    case 8:
      return same_again(text, [](auto t) { return parse_class_list("deal.tsv", t); });
    case 9:
      return same_again(text, parse_gone);
    case 10:
      return same_again(text, parse_promotions);
    case 11: {
      const Checkpoint checkpoint = parse_checkpoint(text);
      require(text.starts_with(checkpoint_body(checkpoint)));
      return;
    }
    case 12:
      return open_leaf(text);
    default:
      return check_folder(text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    read_file(data[0] % 16, text);
  } catch (const catchment::InputError&) {
  }
  find_witness_key(text);
  return 0;
}
