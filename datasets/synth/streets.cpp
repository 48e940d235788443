#include "datasets/synth/streets.hpp"

#include <algorithm>
#include <string_view>

#include "datasets/synth/names.hpp"
#include "datasets/synth/points.hpp"

namespace catchment::datasets::synth {
namespace {

constexpr std::uint64_t kStreetCourseStream = 301;
constexpr std::uint64_t kStreetStemStream = 302;
constexpr double kStraight = 0.80;  // cosine of the sharpest bend a street takes at a crossing, 37 degrees
constexpr double kShortOfBank_m = 20;
constexpr int kBridgePermille = 330;  // of the residential streets that meet a barrier
constexpr int kFamilyPermille = 130;

struct Chain {
  std::vector<Side> sides;
  std::int64_t length_cm = 0;
  std::string_view kind;
};

// An end of a border: 2 * border at its `from`, 2 * border + 1 at its `to`.
using End = std::uint32_t;
constexpr End kNoEnd = UINT32_MAX;

class Chainer {
 public:
  Chainer(const Layout& layout, const std::vector<char>& closed)
      : layout_(layout), closed_(closed), partner_(layout.map.borders.size() * 2, kNoEnd) {
    std::vector<std::vector<End>> ends(layout.map.vertices.size());
    for (std::uint32_t i = 0; i < layout.map.borders.size(); ++i) {
      if (closed[i]) continue;
      ends[layout.map.borders[i].from].push_back(2 * i);
      ends[layout.map.borders[i].to].push_back(2 * i + 1);
    }
    for (const auto& meeting : ends) pair_up(meeting);
  }

  std::vector<Chain> chains() const {
    std::vector<Chain> result;
    std::vector<char> used(layout_.map.borders.size(), 0);
    for (std::uint32_t i = 0; i < used.size(); ++i) {
      if (used[i] || closed_[i]) continue;
      // Back to where the chain begins (or once around), then forward.
      Side side{i, true};
      for (End back = partner_[tail(side)]; back != kNoEnd; back = partner_[tail(side)]) {
        side = {back / 2, back % 2 == 1};
        if (side.border == i) break;
      }
      Chain chain;
      while (!used[side.border]) {
        used[side.border] = 1;
        chain.sides.push_back(side);
        const End ahead = partner_[tail(side) ^ 1u];
        if (ahead == kNoEnd) break;
        side = {ahead / 2, ahead % 2 == 0};
      }
      chain.length_cm = length_cm(chain.sides);
      result.push_back(std::move(chain));
    }
    return result;
  }

  std::int64_t length_cm(const std::vector<Side>& sides) const {
    std::int64_t sum = 0;
    for (const Side side : sides) {
      const geo::Polyline& line = layout_.map.borders[side.border].line;
      double metres = 0;
      for (std::size_t i = 1; i < line.size(); ++i) metres += layout_.metric.distance_m(line[i - 1], line[i]);
      sum += static_cast<std::int64_t>(metres * 100);
    }
    return sum;
  }

 private:
  static End tail(Side side) { return side.border * 2 + (side.forward ? 0u : 1u); }

  // The straightest pair goes first; an end is in one pair at most.
  void pair_up(const std::vector<End>& meeting) {
    struct Candidate {
      double cosine;
      End a, b;
    };
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < meeting.size(); ++i) {
      for (std::size_t j = i + 1; j < meeting.size(); ++j) {
        const double cosine = straightness(meeting[i], meeting[j]);
        if (cosine > kStraight) candidates.push_back({cosine, meeting[i], meeting[j]});
      }
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& x, const Candidate& y) {
      return x.cosine != y.cosine ? x.cosine > y.cosine : std::pair(x.a, x.b) < std::pair(y.a, y.b);
    });
    for (const Candidate& c : candidates) {
      if (partner_[c.a] != kNoEnd || partner_[c.b] != kNoEnd) continue;
      partner_[c.a] = c.b;
      partner_[c.b] = c.a;
    }
  }

  double straightness(End a, End b) const {
    const auto arm = [&](End end) {
      const Border& border = layout_.map.borders[end / 2];
      const geo::Point from = layout_.map.vertices[border.from];
      const geo::Point to = layout_.map.vertices[border.to];
      return end % 2 == 0 ? std::pair(layout_.metric.x_m(from, to), layout_.metric.y_m(from, to))
                          : std::pair(layout_.metric.x_m(to, from), layout_.metric.y_m(to, from));
    };
    const auto [ax, ay] = arm(a);
    const auto [bx, by] = arm(b);
    return -(ax * bx + ay * by) / std::sqrt((ax * ax + ay * ay) * (bx * bx + by * by));
  }

  const Layout& layout_;
  const std::vector<char>& closed_;
  std::vector<End> partner_;
};

void classify(std::vector<Chain>& chains) {
  std::sort(chains.begin(), chains.end(), [](const Chain& a, const Chain& b) {
    return a.length_cm != b.length_cm ? a.length_cm > b.length_cm : a.sides[0].border < b.sides[0].border;
  });
  std::int64_t total = 0;
  for (const Chain& chain : chains) total += chain.length_cm;
  std::int64_t before = 0;
  for (Chain& chain : chains) {
    chain.kind = before * 100 < total * 8 ? "trunk" : before * 100 < total * 28 ? "secondary" : "residential";
    before += chain.length_cm;
  }
}

std::uint32_t first_vertex(const CellMap& map, Side side) {
  return side.forward ? map.borders[side.border].from : map.borders[side.border].to;
}

std::vector<std::vector<Side>> cut_before(const std::vector<Side>& sides, const std::vector<std::size_t>& cuts) {
  std::vector<std::vector<Side>> parts;
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    parts.emplace_back(sides.begin() + static_cast<std::ptrdiff_t>(begin),
                       sides.begin() + static_cast<std::ptrdiff_t>(cut));
    begin = cut;
  }
  parts.emplace_back(sides.begin() + static_cast<std::ptrdiff_t>(begin), sides.end());
  return parts;
}

// Cuts the line back from its end by the given metres, leaving at least half of it.
void shorten_end(geo::Polyline& line, const Metric& metric, double metres) {
  double total = 0;
  for (std::size_t i = 1; i < line.size(); ++i) total += metric.distance_m(line[i - 1], line[i]);
  double left = std::min(metres, total / 2);
  while (line.size() > 2) {
    const double last = metric.distance_m(line[line.size() - 2], line.back());
    if (last > left) break;
    left -= last;
    line.pop_back();
  }
  const geo::Point a = line[line.size() - 2];
  const geo::Point b = line.back();
  const double share = 1 - left / metric.distance_m(a, b);
  line.back() = metric.moved(a, metric.x_m(a, b) * share, metric.y_m(a, b) * share);
}

class Namer {
 public:
  Namer(const Layout& layout, const Barriers& barriers, std::uint64_t seed)
      : layout_(layout), barriers_(barriers), random_(seed, kStreetCourseStream), stems_(seed, kStreetStemStream) {}

  // 青禾大道, or 青禾大道西, 青禾大道中, 青禾大道东; 青禾路, or 青禾西路, ...
  void add_main(const Chain& chain) {
    const std::string stem = stems_.next();
    const bool trunk = chain.kind == "trunk";
    const int wanted = chain.length_cm > 600'000 ? 3 : chain.length_cm > 250'000 ? 2 : 1;
    std::vector<std::size_t> cuts;
    for (int i = 1; i < wanted; ++i) {
      std::size_t cut = chain.sides.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(wanted);
      while (cut < chain.sides.size() && barriers_.at_vertex[first_vertex(layout_.map, chain.sides[cut])]) ++cut;
      if (cut > (cuts.empty() ? 0 : cuts.back()) && cut < chain.sides.size()) cuts.push_back(cut);
    }
    const auto parts = cut_before(chain.sides, cuts);
    const auto words = part_words(chain.sides, parts.size());
    const bool odd_on_left = random_.chance_permille(500);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      std::string name = stem;
      name.append(trunk ? "大道" : words[i]).append(trunk ? words[i] : "路");
      add(name, chain.kind, parts[i], odd_on_left);
    }
  }

  // The pieces of residential streets, neighbours together.
  void add_residential(const std::vector<Chain>& pieces) {
    std::string stem;
    int left_in_family = 0;
    int ordinal = 0;
    for (const Chain& piece : pieces) {
      if (left_in_family == 0) {
        stem = stems_.next();
        left_in_family = random_.chance_permille(kFamilyPermille) ? random_.between(3, 9) : 1;
        ordinal = left_in_family > 1 ? 1 : 0;
      }
      const bool lane = piece.length_cm < 40'000;
      const char* word = lane ? "巷" : ordinal > 0 || random_.chance_permille(550) ? "街" : "路";
      std::string name = stem;
      if (ordinal > 0) name += to_chinese(ordinal);
      name += word;
      add(name, piece.kind, piece.sides, random_.chance_permille(500));
      --left_in_family;
      if (ordinal > 0) ++ordinal;
    }
  }

  Random& random() { return random_; }
  std::vector<Street> take() { return std::move(streets_); }

 private:
  std::vector<const char*> part_words(const std::vector<Side>& sides, std::size_t parts) const {
    const geo::Polyline line = join(layout_.map, sides);
    const double dx = layout_.metric.x_m(line.front(), line.back());
    const double dy = layout_.metric.y_m(line.front(), line.back());
    const bool east_west = std::fabs(dx) >= std::fabs(dy);
    const char* first = east_west ? "西" : "南";
    const char* last = east_west ? "东" : "北";
    if ((east_west ? dx : dy) < 0) std::swap(first, last);
    if (parts == 1) return {""};
    if (parts == 2) return {first, last};
    return {first, "中", last};
  }

  void add(const std::string& name, std::string_view kind, const std::vector<Side>& sides, bool odd_on_left) {
    geo::Polyline line = join(layout_.map, sides);
    if (barriers_.at_vertex[first_vertex(layout_.map, {sides.back().border, !sides.back().forward})]) {
      shorten_end(line, layout_.metric, kShortOfBank_m);
    }
    if (barriers_.at_vertex[first_vertex(layout_.map, sides.front())]) {
      std::reverse(line.begin(), line.end());
      shorten_end(line, layout_.metric, kShortOfBank_m);
      std::reverse(line.begin(), line.end());
    }
    streets_.push_back({name, std::string(kind), sides, odd_on_left, std::move(line)});
  }

  const Layout& layout_;
  const Barriers& barriers_;
  Random random_;
  Stems stems_;
  std::vector<Street> streets_;
};

}  // namespace

std::vector<Street> make_streets(const Layout& layout, const Barriers& barriers, std::uint64_t seed) {
  const Chainer chainer(layout, barriers.closed);
  std::vector<Chain> chains = chainer.chains();
  classify(chains);
  Namer namer(layout, barriers, seed);
  std::vector<Chain> residential;
  for (const Chain& chain : chains) {
    if (chain.kind != "residential") {
      namer.add_main(chain);
      continue;
    }
    std::vector<std::size_t> cuts;
    for (std::size_t i = 1; i < chain.sides.size(); ++i) {
      const bool bank = barriers.at_vertex[first_vertex(layout.map, chain.sides[i])] != 0;
      if (bank && !namer.random().chance_permille(kBridgePermille)) cuts.push_back(i);
    }
    for (auto& part : cut_before(chain.sides, cuts)) {
      const std::int64_t length = chainer.length_cm(part);
      residential.push_back({std::move(part), length, chain.kind});
    }
  }
  geo::Box box;
  for (const geo::Point p : layout.map.vertices) box.extend(p);
  const auto place = [&](const Chain& c) {
    return hilbert_index(box, layout.map.vertices[first_vertex(layout.map, c.sides[c.sides.size() / 2])]);
  };
  std::stable_sort(residential.begin(), residential.end(),
                   [&](const Chain& a, const Chain& b) { return place(a) < place(b); });
  namer.add_residential(residential);
  return namer.take();
}

}  // namespace catchment::datasets::synth
