// The public log of manifests and results: the Merkle hash tree of RFC 6962 (SHA-256, whatever a draw's suite), proofs
// that an entry is in it and that a later tree only added to an earlier one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/admission/lottery/ticket.hpp"

namespace catchment::engine::admission {

// SHA-256(0x00 | entry)
Digest log_leaf(std::string_view entry);

// The root over leaf hashes; of none, SHA-256 of nothing. Linear.
Digest log_root(std::span<const Digest> leaves);

// From the leaf up. index < leaves.size().
std::vector<Digest> inclusion_proof(std::span<const Digest> leaves, std::size_t index);
bool is_included(const Digest& leaf, std::size_t index, std::size_t size, std::span<const Digest> proof,
                 const Digest& root);

// That the tree of all leaves goes on from that of the first old_size. 0 < old_size <= leaves.size().
std::vector<Digest> consistency_proof(std::span<const Digest> leaves, std::size_t old_size);
bool is_consistent(std::size_t old_size, const Digest& old_root, std::size_t new_size, const Digest& new_root,
                   std::span<const Digest> proof);

// A checkpoint (C2SP tlog-checkpoint) and the signatures under it (C2SP signed-note).
struct NoteSignature {
  std::string name;
  std::array<std::uint8_t, 4> key{};  // key id
  std::string bytes;                  // what follows the id
};
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root{};
  std::vector<NoteSignature> signatures;
};

// Throws InputError{"draw_form", "checkpoint:line", ...}. Extension lines are refused.
Checkpoint parse_checkpoint(std::string_view text);

// The signed body: three lines.
std::string checkpoint_body(const Checkpoint& checkpoint);

// A witness's key as the manifest names it: NAME+ID+base64(0x04 | Ed25519 key), where ID is the beginning of
// SHA-256(NAME "\n" 0x04 key). None if the text is not of that form or its id is not of its key.
struct WitnessKey {
  std::string name;
  std::array<std::uint8_t, 4> id{};
  std::array<std::uint8_t, 32> key{};
};
std::optional<WitnessKey> find_witness_key(std::string_view text);

// The time (POSIX seconds) at which a witness says it saw this checkpoint, by a cosignature/v1 of Ed25519 (C2SP
// tlog-cosignature); none if it has not signed, or not this.
std::optional<std::uint64_t> cosigned_at(const Checkpoint& checkpoint, const WitnessKey& witness);

// The earliest time by which `quorum` of the witnesses had signed; none if fewer have.
std::optional<std::uint64_t> witnessed_at(const Checkpoint& checkpoint, std::span<const std::string> witnesses,
                                          int quorum);

}  // namespace catchment::engine::admission
