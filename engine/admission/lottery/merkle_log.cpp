#include "engine/admission/lottery/merkle_log.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

#include "engine/admission/lottery/hash_suite.hpp"
#include "engine/admission/lottery/proof_text.hpp"

namespace catchment::engine::admission {
namespace {

constexpr std::string_view kCheckpointFile = "checkpoint";

Digest log_node(const Digest& left, const Digest& right) {
  std::string bytes(1, '\1');
  bytes.append(reinterpret_cast<const char*>(left.data()), left.size());
  bytes.append(reinterpret_cast<const char*>(right.data()), right.size());
  return hash(Suite::sha256, bytes);
}

// The largest power of two below n; n > 1.
std::size_t split_of(std::size_t n) { return std::bit_floor(n - 1); }

// RFC 6962, 2.1.2: SUBPROOF(m, D[n], whole).
void add_subproof(std::span<const Digest> leaves, std::size_t old_size, bool whole, std::vector<Digest>& proof) {
  if (old_size == leaves.size()) {
    if (!whole) proof.push_back(log_root(leaves));
    return;
  }
  const std::size_t k = split_of(leaves.size());
  if (old_size <= k) {
    add_subproof(leaves.first(k), old_size, whole, proof);
    proof.push_back(log_root(leaves.subspan(k)));
  } else {
    add_subproof(leaves.subspan(k), old_size - k, false, proof);
    proof.push_back(log_root(leaves.first(k)));
  }
}

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > 10'000) return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  const auto padding = static_cast<std::size_t>(std::count(text.end() - 2, text.end(), '='));
  bytes.resize(static_cast<std::size_t>(size) - padding);
  std::string again(text.size() + 1, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(again.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  again.pop_back();
  if (again != text) return std::nullopt;
  return bytes;
}

std::string encode_base64(const Digest& bytes) {
  std::string text(45, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(), static_cast<int>(bytes.size()));
  text.pop_back();
  return text;
}

NoteSignature parse_signature(std::string_view line, std::size_t number) {
  constexpr std::string_view kDash = "\xe2\x80\x94 ";
  const std::size_t space = line.rfind(' ');
  if (line.substr(0, kDash.size()) != kDash || space < kDash.size())
    refuse_proof(kCheckpointFile, number, "signature", "must be a dash, a name and base64");
  const auto bytes = decode_base64(line.substr(space + 1));
  NoteSignature signature{std::string(line.substr(kDash.size(), space - kDash.size())), {}, {}};
  const bool named = !signature.name.empty() && signature.name.find_first_of(" +") == std::string::npos;
  if (!bytes || bytes->size() < 5 || !named)
    refuse_proof(kCheckpointFile, number, "signature", "must be a dash, a name and base64");
  std::memcpy(signature.key.data(), bytes->data(), signature.key.size());
  signature.bytes = bytes->substr(4);
  return signature;
}

bool is_signed(const WitnessKey& witness, std::string_view message, std::string_view signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, witness.key.data(), witness.key.size()), EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (!key || !context) return false;
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) return false;
  return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                          reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
}

}  // namespace

Digest log_leaf(std::string_view entry) { return hash(Suite::sha256, std::string(1, '\0').append(entry)); }

Digest log_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return hash(Suite::sha256, "");
  if (leaves.size() == 1) return leaves[0];
  const std::size_t k = split_of(leaves.size());
  return log_node(log_root(leaves.first(k)), log_root(leaves.subspan(k)));
}

std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::size_t index) {
  if (leaves.size() <= 1) return {};
  const std::size_t k = split_of(leaves.size());
  const bool left = index < k;
  std::vector<Digest> proof =
      left ? inclusion_proof(leaves.first(k), index) : inclusion_proof(leaves.subspan(k), index - k);
  proof.push_back(log_root(left ? leaves.subspan(k) : leaves.first(k)));
  return proof;
}

bool is_included(const Digest& leaf, std::size_t index, std::size_t size, std::span<const Digest> proof,
                 const Digest& root) {
  if (index >= size) return false;
  Digest node = leaf;
  std::size_t at = index, last = size - 1;  // RFC 9162, 2.1.3.2
  for (const Digest& sibling : proof) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      node = log_node(sibling, node);
      while (at % 2 == 0 && at != 0) at /= 2, last /= 2;
    } else {
      node = log_node(node, sibling);
    }
    at /= 2, last /= 2;
  }
  return last == 0 && node == root;
}

std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::size_t old_size) {
  std::vector<Digest> proof;
  add_subproof(leaves, old_size, true, proof);
  return proof;
}

bool is_consistent(std::size_t old_size, const Digest& old_root, std::size_t new_size, const Digest& new_root,
                   std::span<const Digest> proof) {
  if (old_size == 0 || old_size > new_size) return false;
  if (old_size == new_size) return proof.empty() && old_root == new_root;
  std::vector<Digest> path(proof.begin(), proof.end());  // RFC 9162, 2.1.4.2
  if (std::has_single_bit(old_size)) path.insert(path.begin(), old_root);
  if (path.empty()) return false;
  std::size_t at = old_size - 1, last = new_size - 1;
  while (at % 2 == 1) at /= 2, last /= 2;
  Digest old_node = path[0], new_node = path[0];
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (last == 0) return false;
    if (at % 2 == 1 || at == last) {
      old_node = log_node(path[i], old_node);
      new_node = log_node(path[i], new_node);
      while (at % 2 == 0 && at != 0) at /= 2, last /= 2;
    } else {
      new_node = log_node(new_node, path[i]);
    }
    at /= 2, last /= 2;
  }
  return last == 0 && old_node == old_root && new_node == new_root;
}

std::string checkpoint_body(const Checkpoint& checkpoint) {
  return checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + encode_base64(checkpoint.root) + "\n";
}

Checkpoint parse_checkpoint(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    if (end == std::string_view::npos) refuse_proof(kCheckpointFile, lines.size() + 1, "", "does not end with LF");
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  if (lines.size() < 4 || lines[0].empty() || !lines[3].empty())
    refuse_proof(kCheckpointFile, 0, "", "must be origin, size, root, an empty line and signatures");
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  const bool number = !lines[1].empty() && lines[1].size() <= 18 && (lines[1].size() == 1 || lines[1][0] != '0') &&
                      lines[1].find_first_not_of("0123456789") == std::string_view::npos;
  if (!number) refuse_proof(kCheckpointFile, 2, "size", "must be a number");
  for (const char c : lines[1]) checkpoint.size = checkpoint.size * 10 + static_cast<std::uint64_t>(c - '0');
  const auto root = decode_base64(lines[2]);
  if (!root || root->size() != checkpoint.root.size())
    refuse_proof(kCheckpointFile, 3, "root", "must be 32 bytes in base64");
  std::memcpy(checkpoint.root.data(), root->data(), root->size());
  for (std::size_t i = 4; i < lines.size(); ++i) checkpoint.signatures.push_back(parse_signature(lines[i], i + 1));
  return checkpoint;
}

std::optional<WitnessKey> find_witness_key(std::string_view text) {
  const std::size_t first = text.find('+');
  if (first == 0 || first == std::string_view::npos || text.size() != first + 10 + 44 || text[first + 9] != '+')
    return std::nullopt;
  const auto bytes = decode_base64(text.substr(first + 10));
  if (!bytes || bytes->size() != 33 || (*bytes)[0] != 4) return std::nullopt;
  WitnessKey witness;
  witness.name = text.substr(0, first);
  std::memcpy(witness.key.data(), bytes->data() + 1, witness.key.size());
  const Digest id = hash(Suite::sha256, witness.name + "\n" + *bytes);
  std::copy_n(id.begin(), witness.id.size(), witness.id.begin());
  if (to_hex(id).substr(0, 8) != text.substr(first + 1, 8)) return std::nullopt;
  return witness;
}

std::optional<std::uint64_t> cosigned_at(const Checkpoint& checkpoint, const WitnessKey& witness) {
  for (const NoteSignature& signature : checkpoint.signatures) {
    if (signature.name != witness.name || signature.key != witness.id || signature.bytes.size() != 72) continue;
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < 8; ++i) time = time << 8 | static_cast<unsigned char>(signature.bytes[i]);
    const std::string message = "cosignature/v1\ntime " + std::to_string(time) + "\n" + checkpoint_body(checkpoint);
    if (is_signed(witness, message, std::string_view(signature.bytes).substr(8))) return time;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> witnessed_at(const Checkpoint& checkpoint, std::span<const std::string> witnesses,
                                          int quorum) {
  std::vector<std::uint64_t> times;
  for (const std::string& text : witnesses) {
    const auto witness = find_witness_key(text);
    if (!witness) continue;
    if (const auto time = cosigned_at(checkpoint, *witness)) times.push_back(*time);
  }
  if (quorum < 1 || times.size() < static_cast<std::size_t>(quorum)) return std::nullopt;
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(quorum) - 1];
}

}  // namespace catchment::engine::admission
