// `catchment draw log` and `draw prove`: the public log of draws (engine/admission/lottery/merkle_log, log_monitor).
// A log is a folder: entries.txt, a line an entry, and checkpoint.txt, what witnesses sign.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "engine/admission/lottery/draw.hpp"
#include "engine/admission/lottery/log_monitor.hpp"
#include "geo/input_error.hpp"
#include "server/cli/draw/draw.hpp"

namespace catchment::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct LogOptions {
  std::string log, folder, notice, origin, proof, now;
  std::vector<std::string> folders, seen, witnesses;
  int quorum = 0, lead_hours = 24, grace_hours = 24, since = 0;
};

std::vector<std::string> read_log_entries(const fs::path& log) {
  std::vector<std::string> entries;
  if (!is_proof_file(log / "entries.txt")) return entries;
  const std::string text = read_proof_file(log / "entries.txt");
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = text.find('\n', from);
    if (end == std::string::npos) throw InputError("draw_log", "entries.txt", "the last line does not end with LF");
    entries.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return entries;
}

std::vector<proofs::Digest> log_leaves(const std::vector<std::string>& entries) {
  std::vector<proofs::Digest> leaves;
  for (const std::string& entry : entries) leaves.push_back(proofs::log_leaf(entry));
  return leaves;
}

// Written whole or not at all; unlike a proof file it grows.
void replace_log_file(const fs::path& path, const std::string& text) {
  const fs::path part = path.string() + ".new";
  fs::remove(part);
  write_proof_file(part, text);
  fs::rename(part, path);
}

struct FolderEntries {
  std::string manifest, result;  // result: empty where there is none yet
};

// What a folder is to have in the log. A result that its files do not give is refused.
FolderEntries entries_of_folder(const fs::path& folder) {
  const ProofDesk desk = open_proof_folder(folder);
  const proofs::ProofHead head = desk.kind->read_manifest(desk.folder.manifest);
  FolderEntries entries;
  entries.manifest = "manifest " + head.draw + " " + proofs::to_hex(proofs::hash(head.suite, desk.folder.manifest));
  if (!desk.folder.result) return entries;
  const proofs::ProofCheck check = proofs::check_proof(*desk.kind, desk.folder);
  for (const proofs::ProofFinding& finding : check.findings)
    throw InputError("draw_proof", finding.where, finding.message);
  entries.result = "result " + head.draw + " " + proofs::to_hex(check.hashes.result);
  return entries;
}

int add_to_log(const LogOptions& options, const Invocation& invocation) {
  const fs::path log = options.log;
  fs::create_directories(log);
  std::vector<std::string> entries = read_log_entries(log);
  const auto add = [&](const std::string& entry) {
    if (!entry.empty() && std::ranges::find(entries, entry) == entries.end()) entries.push_back(entry);
  };
  const FolderEntries own = entries_of_folder(options.folder);
  add(own.manifest);
  if (options.notice.empty()) {
    add(own.result);
  } else {
    const ProofDesk desk = open_proof_folder(options.folder);
    const proofs::ProofHead head = desk.kind->read_manifest(desk.folder.manifest);
    add("void " + head.draw + " " + proofs::to_hex(proofs::hash(head.suite, read_proof_file(options.notice))));
  }
  proofs::Checkpoint checkpoint;
  checkpoint.origin = options.origin;
  if (is_proof_file(log / "checkpoint.txt"))
    checkpoint.origin = proofs::parse_checkpoint(read_proof_file(log / "checkpoint.txt")).origin;
  if (checkpoint.origin.empty()) throw InputError("draw_log", "--origin", "a new log needs a name");
  checkpoint.size = entries.size(), checkpoint.root = proofs::log_root(log_leaves(entries));
  std::string text;
  for (const std::string& entry : entries) text += entry + "\n";
  replace_log_file(log / "entries.txt", text);
  replace_log_file(log / "checkpoint.txt", proofs::checkpoint_body(checkpoint) + "\n");
  if (invocation.wants_json())
    write_output(invocation.json_path, json{{"origin", checkpoint.origin},
                                            {"size", checkpoint.size},
                                            {"root", proofs::to_hex(checkpoint.root)},
                                            {"entries", entries}}
                                           .dump(2));
  if (invocation.json_path != "-")
    std::printf("%zu entries, root %s; have witnesses sign %s\n", entries.size(),
                proofs::to_hex(checkpoint.root).c_str(), (log / "checkpoint.txt").c_str());
  return kDone;
}

// A moment as manifests write it.
std::chrono::local_seconds read_log_moment(const std::string& text) {
  const auto at = proofs::find_proof_minute(text);
  if (!at) throw InputError("draw_log", "--now", "must be YYYY-MM-DDTHH:MM");
  return *at;
}

// Witnesses tell POSIX time; a manifest's clock is Beijing's, eight hours ahead all year.
std::chrono::local_seconds as_beijing(std::uint64_t posix) {
  return std::chrono::local_seconds(std::chrono::seconds(static_cast<std::int64_t>(posix)) + std::chrono::hours(8));
}

int watch_public_log(const LogOptions& options, const Invocation& invocation) {
  const std::vector<std::string> entries = read_log_entries(options.log);
  std::vector<proofs::SeenCheckpoint> seen;
  std::vector<std::string> unsigned_files;
  for (const std::string& file : options.seen) {
    const proofs::Checkpoint checkpoint = proofs::parse_checkpoint(read_proof_file(file));
    const auto at = proofs::witnessed_at(checkpoint, options.witnesses, options.quorum);
    if (!at) unsigned_files.push_back(file);
    // Nobody vouches for its time, but it still must be of these entries.
    seen.push_back({checkpoint.size, checkpoint.root,
                    at ? as_beijing(*at) : std::chrono::local_seconds::max() - std::chrono::hours(1'000'000)});
  }
  std::vector<proofs::SeenManifest> manifests;
  for (const std::string& folder : options.folders) {
    const ProofDesk desk = open_proof_folder(folder);
    const proofs::ProofHead head = desk.kind->read_manifest(desk.folder.manifest);
    manifests.push_back({head.draw, proofs::hash(head.suite, desk.folder.manifest), head.ceremony});
  }
  const auto findings =
      proofs::watch_log(entries, seen, manifests, read_log_moment(options.now),
                        {std::chrono::hours(options.lead_hours), std::chrono::hours(options.grace_hours)});
  json list = json::array();
  for (const proofs::LogFinding& f : findings)
    list.push_back({{"fault", std::string(proofs::to_word(f.fault))}, {"draw", f.draw}, {"entry", f.entry}});
  if (invocation.wants_json())
    write_output(invocation.json_path,
                 json{{"entries", entries.size()}, {"findings", list}, {"unsigned", unsigned_files}}.dump(2));
  if (invocation.json_path != "-") {
    for (const std::string& file : unsigned_files)
      std::printf("note: %s is not signed by a quorum of the witnesses\n", file.c_str());
    for (const proofs::LogFinding& f : findings)
      std::printf("%s %s (entry %zu)\n", std::string(proofs::to_word(f.fault)).c_str(), f.draw.c_str(), f.entry + 1);
    std::printf("%zu entries, %zu findings\n", entries.size(), findings.size());
  }
  return findings.empty() ? kDone : kFindings;
}

json hex_list(std::span<const proofs::Digest> digests) {
  json list = json::array();
  for (const proofs::Digest& d : digests) list.push_back(proofs::to_hex(d));
  return list;
}

// That the folder's entries are in the log, and that the log goes on from the size somebody saw.
int prove_from_log(const LogOptions& options, const Invocation& invocation) {
  const std::vector<std::string> entries = read_log_entries(options.log);
  const std::vector<proofs::Digest> leaves = log_leaves(entries);
  const FolderEntries own = entries_of_folder(options.folder);
  json out{{"size", entries.size()}, {"root", proofs::to_hex(proofs::log_root(leaves))}, {"inclusion", json::array()}};
  for (const std::string& entry : {own.manifest, own.result}) {
    if (entry.empty()) continue;
    const auto at = std::ranges::find(entries, entry);
    if (at == entries.end()) {
      std::printf("%s: not in the log\n", entry.c_str());
      return kFindings;
    }
    const auto index = static_cast<std::size_t>(at - entries.begin());
    out["inclusion"].push_back(
        {{"entry", entry}, {"index", index}, {"proof", hex_list(proofs::inclusion_proof(leaves, index))}});
  }
  const auto since = static_cast<std::size_t>(options.since);
  if (since > entries.size()) throw InputError("draw_log", "--since", "the log has fewer entries");
  if (since != 0)
    out["consistency"] = {{"old_size", since}, {"proof", hex_list(proofs::consistency_proof(leaves, since))}};
  write_output(invocation.wants_json() ? invocation.json_path : "-", out.dump(2));
  return kDone;
}

std::vector<proofs::Digest> read_hex_list(const json& list) {
  std::vector<proofs::Digest> digests;
  for (const json& text : list) {
    proofs::Digest digest;
    if (!text.is_string() || !proofs::parse_hex(text.get<std::string>(), digest))
      throw InputError("draw_log", "proof", "must be a list of hashes");
    digests.push_back(digest);
  }
  return digests;
}

// Holds a proof against checkpoints a family has: the first is what it is to be in, the second, if any, an older one.
int check_log_proof(const LogOptions& options, const Invocation& invocation) {
  std::vector<std::string> wrong;
  const FolderEntries own = entries_of_folder(options.folder);
  const proofs::Checkpoint now = proofs::parse_checkpoint(read_proof_file(options.seen.front()));
  try {
    const json proof = json::parse(read_proof_file(options.proof));
    for (const std::string& entry : {own.manifest, own.result}) {
      if (entry.empty()) continue;
      bool in = false;
      for (const json& part : proof.at("inclusion")) {
        in = in || (part.at("entry") == entry &&
                    proofs::is_included(proofs::log_leaf(entry), part.at("index").get<std::size_t>(), now.size,
                                        read_hex_list(part.at("proof")), now.root));
      }
      if (!in) wrong.push_back(entry + ": the proof does not show it in the checkpoint");
    }
    if (options.seen.size() > 1) {
      const proofs::Checkpoint old = proofs::parse_checkpoint(read_proof_file(options.seen[1]));
      const json& part = proof.at("consistency");
      if (part.at("old_size") != old.size ||
          !proofs::is_consistent(old.size, old.root, now.size, now.root, read_hex_list(part.at("proof"))))
        wrong.push_back("the log does not go on from " + options.seen[1]);
    }
  } catch (const json::exception& error) {
    throw InputError("draw_log", options.proof, error.what());
  }
  if (invocation.wants_json())
    write_output(invocation.json_path, json{{"same", wrong.empty()}, {"findings", wrong}}.dump(2));
  if (invocation.json_path != "-") {
    for (const std::string& line : wrong) std::printf("DIFFERENT %s\n", line.c_str());
    if (wrong.empty()) std::printf("SAME the log has this draw\n");
  }
  return wrong.empty() ? kDone : kFindings;
}

}  // namespace

void add_draw_log(CLI::App& draw, Invocation& invocation) {
  auto options = std::make_shared<LogOptions>();
  const auto runs = [options, &invocation](CLI::App& command, int (*work)(const LogOptions&, const Invocation&)) {
    add_json_option(command, invocation);
    command.callback([options, &invocation, work] {
      invocation.run = [options, &invocation, work] { return work(*options, invocation); };
    });
  };
  CLI::App* log = draw.add_subcommand("log", "The public log of manifests and results: add to it, watch it");
  log->require_subcommand(1);
  CLI::App* add = log->add_subcommand("add", "Append a draw's manifest, and its result once there is one");
  add->add_option("log", options->log, "Folder of the log")->required();
  add->add_option("folder", options->folder, "Folder of proof files")->required();
  add->add_option("--void", options->notice, "The public notice that this draw is void, instead of a result");
  add->add_option("--origin", options->origin, "Name of a new log, as its checkpoints have it");
  runs(*add, add_to_log);
  CLI::App* watch = log->add_subcommand(
      "watch", "Look for a log with two faces, draws without result, manifests announced late; 1 if there is one");
  watch->add_option("log", options->log, "Folder of the log")->required();
  watch->add_option("--now", options->now, "Beijing time, YYYY-MM-DDTHH:MM")->required();
  watch->add_option("--seen", options->seen, "Signed checkpoints that somebody holds");
  watch->add_option("--held", options->folders, "Folders whose manifests families hold");
  watch->add_option("--witness", options->witnesses, "Keys of witnesses, NAME+ID+KEY");
  watch->add_option("--quorum", options->quorum, "How many of them must have signed");
  watch->add_option("--lead-hours", options->lead_hours, "A manifest is announced so long before its ceremony");
  watch->add_option("--grace-hours", options->grace_hours, "A result may take so long after it");
  runs(*watch, watch_public_log);
  CLI::App* prove = draw.add_subcommand("prove", "Write a proof that a draw is in the log");
  prove->add_option("log", options->log, "Folder of the log")->required();
  prove->add_option("folder", options->folder, "Folder of proof files")->required();
  prove->add_option("--since", options->since, "Also that the log goes on from its first so many entries");
  runs(*prove, prove_from_log);
  CLI::App* check = draw.add_subcommand("proven", "Hold such a proof against a checkpoint; 1 if it does not show it");
  check->add_option("proof", options->proof, "What `draw prove` wrote")->required();
  check->add_option("folder", options->folder, "Folder of proof files")->required();
  check->add_option("--seen", options->seen, "The checkpoint; then an older one it must go on from")->required();
  runs(*check, check_log_proof);
}

}  // namespace catchment::cli
