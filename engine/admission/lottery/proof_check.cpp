#include "engine/admission/lottery/proof_check.hpp"

#include <algorithm>

#include "engine/admission/lottery/proof_text.hpp"
#include "geo/input_error.hpp"

namespace catchment::engine::admission {
namespace {

const std::string kManifestName(kManifestFile), kCeremonyName(kCeremonyFile), kResultName(kResultFile),
    kHashesName(kHashesFile), kDealName(kDealFile);

std::string_view digest_bytes(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

PublishedHashes read_hashes(const ProofKind& kind, std::string_view text) {
  ProofKeys keys(kHashesFile, text);
  PublishedHashes hashes;
  const auto read = [&keys](std::string_view key) {
    const ProofLine line = keys.next(key);
    return proof_digest(line, key, ProofKeys::value(line));
  };
  hashes.manifest = read("manifest");
  hashes.list = read(kind.list_key);
  if (kind.read_deal != nullptr) hashes.deal = read("deal");
  hashes.ceremony = read("ceremony");
  hashes.seed = read("seed");
  hashes.result = read("result");
  keys.end();
  return hashes;
}

// Runs a reader; what it throws becomes a finding.
template <class Read>
void note_form(std::vector<ProofFinding>& findings, Read read) {
  try {
    read();
  } catch (const InputError& error) {
    findings.push_back({{error.where.substr(0, error.where.find(':'))}, error.where, error.what()});
  }
}

struct ReadProof {
  std::optional<ProofHead> head;
  Ceremony ceremony;
  std::optional<PublishedHashes> deed;
};

ReadProof read_proof(const ProofKind& kind, const ProofFolder& folder, std::vector<ProofFinding>& findings) {
  ReadProof read;
  note_form(findings, [&] { read.head = kind.read_manifest(folder.manifest); });
  note_form(findings, [&] { kind.read_list(folder.list); });
  note_form(findings, [&] { read.ceremony = parse_ceremony(folder.ceremony); });
  if (kind.read_deal != nullptr) {
    if (folder.deal) note_form(findings, [&] { kind.read_deal(*folder.deal); });
    if (!folder.deal) findings.push_back({{kDealName}, kDealName, kDealName + ": is missing"});
  }
  if (folder.result) note_form(findings, [&] { kind.read_result(*folder.result); });
  if (folder.hashes) note_form(findings, [&] { read.deed = read_hashes(kind, *folder.hashes); });
  return read;
}

std::size_t first_other_line(std::string_view a, std::string_view b) {
  std::size_t line = 1;
  for (std::size_t i = 0; i < a.size() && i < b.size() && a[i] == b[i]; ++i) {
    if (a[i] == '\n') ++line;
  }
  return line;
}

// What differs from the deed's hashes; where all the rest agrees, the deed itself.
void blame_by_deed(const ProofKind& kind, const PublishedHashes& deed, const PublishedHashes& real, bool agree,
                   std::vector<ProofFinding>& out) {
  const std::pair<std::string, bool> files[]{{kManifestName, deed.manifest == real.manifest},
                                             {std::string(kind.list_file), deed.list == real.list},
                                             {kDealName, deed.deal == real.deal},
                                             {kCeremonyName, deed.ceremony == real.ceremony},
                                             {kResultName, deed.result == real.result}};
  const bool all = std::all_of(std::begin(files), std::end(files), [](const auto& file) { return file.second; });
  if (agree) {
    if (!all || deed.seed != real.seed)
      out.push_back(
          {{kHashesName}, kHashesName, kHashesName + ": is not of these files, which agree with one another"});
    return;
  }
  for (const auto& [name, same] : files) {
    if (!same) out.push_back({{name}, name, name + ": its hash is not the one in hashes.txt"});
  }
}

// The lines of a result that have tickets of its own seed.
std::string own_lines(const ProofKind& kind, std::string_view result) {
  if (kind.own_note.empty()) return std::string(result);
  std::string own;
  for (std::size_t from = 0, end = 0; from < result.size(); from = end) {
    end = std::min(result.find('\n', from), result.size() - 1) + 1;
    const std::string_view line = result.substr(from, end - from);
    if (line.substr(line.rfind('\t') + 1).starts_with(kind.own_note)) own += line;
  }
  return own;
}

// A file whose hash stands in the manifest under `key` and is another one.
void blame_list(const ProofKind& kind, const ProofFolder& folder, const Digest& seed, const std::string& file,
                std::string_view key, std::vector<ProofFinding>& out) {
  const std::string what = ": the hash of " + file + " is not the one in manifest.txt";
  if (!folder.result || own_lines(kind, *folder.result).empty()) {
    out.push_back({{file, kManifestName}, file, file + " or " + kManifestName + what});
  } else if (kind.knows_ticket(folder, seed)) {
    out.push_back({{file}, file, file + what + ", which gives the tickets of result.tsv"});
  } else {
    const std::size_t at = folder.manifest.find("\n" + std::string(key) + ": ");
    const auto line =
        2 + std::count(folder.manifest.begin(), folder.manifest.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    out.push_back({{kManifestName},
                   kManifestName + ":" + std::to_string(line),
                   kManifestName + what + ", and it does not give the tickets of result.tsv"});
  }
}

// Bytes a slip of one bit, or of one digit in typing, may have come from.
std::string slips_of(char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string slips;
  for (int bit = 0; bit < 8; ++bit) slips += static_cast<char>(byte ^ (1 << bit));
  if (kDigits.find(byte) != std::string_view::npos) slips += kDigits;
  return slips;
}

// The place in manifest or ceremony where another byte gives the published tickets; the first line of the result tells.
std::optional<ProofFinding> find_slip(const ProofKind& kind, const ProofFolder& folder, Suite suite) {
  const std::string own = own_lines(kind, *folder.result);
  ProofFolder trial{folder.manifest, "", folder.ceremony, own.substr(0, own.find('\n') + 1), {}, {}};
  for (const bool in_ceremony : {true, false}) {
    std::string& text = in_ceremony ? trial.ceremony : trial.manifest;
    const std::string name = in_ceremony ? kCeremonyName : kManifestName;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char published = text[i];
      for (const char slip : slips_of(published)) {
        text[i] = slip;
        try {
          if (kind.knows_ticket(trial, proof_seed(kind.format, suite, trial.manifest, trial.ceremony))) {
            const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(i), '\n');
            const std::string where = name + ":" + std::to_string(line);
            return ProofFinding{
                {name}, where, where + ": one character was changed: with another there the result is right"};
          }
        } catch (const InputError&) {
          continue;  // this slip makes no manifest
        }
      }
      text[i] = published;
    }
  }
  return std::nullopt;
}

void blame_result(const ProofKind& kind, const ProofFolder& folder, const ProofCheck& check,
                  std::vector<ProofFinding>& out) {
  if (!own_lines(kind, *folder.result).empty() && !kind.knows_ticket(folder, check.hashes.seed)) {
    if (const auto slip = find_slip(kind, folder, check.suite)) {
      out.push_back(*slip);
      return;
    }
    out.push_back({{kResultName, kCeremonyName, kManifestName},
                   kResultName,
                   "result.tsv was drawn with another seed: result.tsv, ceremony.txt or manifest.txt is not of this "
                   "draw; compare their hashes with the deed"});
    return;
  }
  const std::string where = kResultName + ":" + std::to_string(first_other_line(*folder.result, check.result));
  out.push_back({{kResultName}, where, where + ": is not what the other files give"});
}

void check_commitments(const ProofHead& head, const Ceremony& ceremony, ProofCheck& check) {
  if (!head.commitments) return;
  for (const bool notary : {true, false}) {
    const std::string role = notary ? "notary" : "bureau";
    const Digest& opened = notary ? ceremony.notary : ceremony.bureau;
    const Digest& committed = (*head.commitments)[notary ? 0 : 1];
    if (opened == committed) {
      check.incidents.push_back("the number of the " + role + " was not opened; its commitment stands for it");
    } else if (nonce_commitment(head.suite, role, opened) != committed && check.findings.empty()) {
      check.findings.push_back({{kCeremonyName},
                                kCeremonyName,
                                kCeremonyName + ": " + role + ": is not the number committed to in manifest.txt"});
    }
  }
}

}  // namespace

Digest proof_seed(std::string_view format, Suite suite, std::string_view manifest_text,
                  std::string_view ceremony_text) {
  std::string message(format);
  message.append(" seed\n")
      .append(digest_bytes(hash(suite, manifest_text)))
      .append(digest_bytes(hash(suite, ceremony_text)));
  return hash(suite, message);
}

std::string ticket_message(std::string_view format, std::string_view draw, std::string_view unit) {
  return std::string(format).append(" ticket\n").append(draw).append("\n").append(unit).append("\n");
}

Digest nonce_commitment(Suite suite, std::string_view role, const Digest& number) {
  return hash(suite, std::string("draw/1 nonce\n").append(role).append("\n").append(digest_bytes(number)));
}

ProofCheck check_proof(const ProofKind& kind, const ProofFolder& folder) {
  ProofCheck check;
  const ReadProof read = read_proof(kind, folder, check.findings);
  if (!read.head) return check;
  const ProofHead& head = *read.head;
  check.draw = head.draw, check.suite = head.suite;
  PublishedHashes& hashes = check.hashes;
  hashes.manifest = hash(head.suite, folder.manifest);
  hashes.list = hash(head.suite, folder.list);
  hashes.ceremony = hash(head.suite, folder.ceremony);
  hashes.seed = proof_seed(kind.format, head.suite, folder.manifest, folder.ceremony);
  if (folder.deal && kind.read_deal != nullptr) hashes.deal = hash(head.suite, *folder.deal);
  if (!check.findings.empty()) return check;

  std::vector<ProofFinding>& found = check.findings;
  const bool list_fits = hashes.list == head.list, deal_fits = hashes.deal == head.deal;
  if (list_fits && deal_fits) note_form(found, [&] { check.result = kind.recompute(folder, hashes.seed); });
  if (!found.empty()) return check;
  const bool result_fits = !folder.result || *folder.result == check.result;
  if (folder.result || (list_fits && deal_fits)) {
    hashes.result = hash(head.suite, folder.result ? *folder.result : check.result);
  } else if (read.deed) {
    hashes.result = read.deed->result;  // neither published nor to be computed
  }
  if (read.deed) blame_by_deed(kind, *read.deed, hashes, list_fits && deal_fits && result_fits, found);
  if (found.empty() && !list_fits)
    blame_list(kind, folder, hashes.seed, std::string(kind.list_file), kind.list_key, found);
  if (found.empty() && !deal_fits) blame_list(kind, folder, hashes.seed, kDealName, "deal", found);
  if (found.empty() && !result_fits) blame_result(kind, folder, check, found);
  check_commitments(head, read.ceremony, check);
  return check;
}

ProofCheck run_proof(const ProofKind& kind, const ProofFolder& folder) {
  ProofCheck check = check_proof(kind, {folder.manifest, folder.list, folder.ceremony, {}, {}, folder.deal});
  for (const ProofFinding& finding : check.findings) throw InputError("draw_proof", finding.where, finding.message);
  return check;
}

std::string print_hashes(const ProofKind& kind, const PublishedHashes& hashes) {
  return "manifest: " + to_hex(hashes.manifest) + "\n" + std::string(kind.list_key) + ": " + to_hex(hashes.list) +
         (hashes.deal ? "\ndeal: " + to_hex(*hashes.deal) : "") + "\nceremony: " + to_hex(hashes.ceremony) +
         "\nseed: " + to_hex(hashes.seed) + "\nresult: " + to_hex(hashes.result) + "\n";
}

std::string_view format_of(std::string_view manifest_text) noexcept {
  constexpr std::string_view kKey = "\nformat: ";
  const std::size_t at = manifest_text.find(kKey);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + kKey.size();
  return manifest_text.substr(from, manifest_text.find('\n', from) - from);
}

}  // namespace catchment::engine::admission
