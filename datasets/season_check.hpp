// Holds the output of a season's run against what no season may break. It reads the files anew and counts for itself:
// nothing of what made them (season, assignment, draws, classes, readers) is used here, not even the hash of a ticket.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace catchment::datasets {

struct SeasonBreach {
  std::string rule;  // as in SeasonCheck::rules
  std::string file;
  std::string row;  // the child's code, the school's, the class's or the draw's id
  std::string message;
};

struct SeasonCheck {
  std::int64_t children = 0, draws = 0;
  std::vector<std::string> rules;  // that were looked at
  std::vector<SeasonBreach> breaches;
};

//   answers      every child has one answer with a clause, and a seat or a reason
//   one_seat     nobody has two seats, at no moment and in no table; tables and events agree
//   plan         no school has more children than plan and recorded approvals, at no moment
//   guarantee    nobody whose papers were in order is left without a seat, but who left or was put off
//   tiers        at a zone's school nobody has a seat whom order puts behind one who was refused; points come last
//   draws        every roll is of those who chose the school; hashes, tickets, order and seats are those of its files
//   line         a seat let go by goes to the first in line whose unit fits, and no line ends before
//   overflow     no_leapfrog: nobody was placed over the head of one of a higher tier, or nearer, or earlier in order;
//                least_walk: no exchange among those placed together makes their ways shorter in all, higher tiers
//                first, and nobody lacks a free seat nearby that somebody later in order has
//   answered     no seat was kept by an answer after its last moment
//   approvals    releases and transfers have two approvers, late registrations one
//   once         one registration and one private choice a child
//   classes      one class a child, at its school; sizes and sexes differ by at most 1; no class above the cap without
//                an approval
//   events       in order of time, the end last
//
// Throws InputError("season_open" | "season_header") for what cannot be read.
SeasonCheck check_season_run(const std::filesystem::path& out);

}  // namespace catchment::datasets
