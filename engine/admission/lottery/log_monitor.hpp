// What a monitor of the public log looks for: a log that shows two faces, draws made and not published, draws announced
// too late. It trusts no clock of the log: times are those at which witnesses co-signed.
//
// An entry is one line without LF: `manifest DRAW HASH`, `result DRAW HASH` (of result.tsv) or `void DRAW HASH` (of the
// public notice that the draw is void), hashes in hexadecimal.
#pragma once

#include <chrono>

#include "engine/admission/lottery/merkle_log.hpp"
#include "engine/admission/lottery/proof_files.hpp"

namespace catchment::engine::admission {

enum class LogFault : std::uint8_t {
  malformed,        // an entry of no known form
  forked,           // a checkpoint somebody holds is not of these entries, or is of more than are shown
  second_manifest,  // a draw announced twice
  second_result,    // a result or void notice after another
  no_manifest,      // a result or void notice of a draw never announced before it
  orphan,           // announced, its ceremony is over, and neither result nor void notice
  late,             // not in any checkpoint witnessed `lead` before the ceremony
  unlogged,         // a manifest somebody holds is not the one announced
};
std::string_view to_word(LogFault fault) noexcept;

struct LogFinding {
  LogFault fault = LogFault::malformed;
  std::string draw;       // empty for forked and malformed
  std::size_t entry = 0;  // place in the log, or the size of the checkpoint for forked

  bool operator==(const LogFinding&) const = default;
};

// A checkpoint somebody holds, with the time by which the quorum of witnesses had signed it (as local time).
struct SeenCheckpoint {
  std::uint64_t size = 0;
  Digest root{};
  std::chrono::local_seconds witnessed{};
};

// A manifest as families hold it.
struct SeenManifest {
  std::string draw;
  Digest hash{};
  std::optional<std::chrono::local_seconds> ceremony;
};

struct MonitorRules {
  std::chrono::seconds lead = std::chrono::hours(24);   // before the ceremony
  std::chrono::seconds grace = std::chrono::hours(24);  // after it, for the result
};

// Findings in order of entries, then of checkpoints, then of manifests. checkpoints x entries.
std::vector<LogFinding> watch_log(std::span<const std::string> entries, std::span<const SeenCheckpoint> checkpoints,
                                  std::span<const SeenManifest> manifests, std::chrono::local_seconds now,
                                  const MonitorRules& rules);

}  // namespace catchment::engine::admission
