// Microseconds per address text on a made-up city, beside SQLite in the same run: engines interleaved, the best round
// of each, so that the machine's other work does not count.
//   address_bench [--addresses N] [--texts N] [--rounds N]
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>

#include "datasets/city_names.hpp"
#include "datasets/package_writer.hpp"
#include "datasets/synth/city.hpp"
#include "geo/address/normal_text.hpp"
#include "tests/geo/gazetteer/noise.hpp"

namespace {

using namespace catchment;
using geo::EntryId;
using geo::Noise;
using Clock = std::chrono::steady_clock;

double us_since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double quantile(std::vector<double> v, double share) {
  std::ranges::sort(v);
  return v[std::min(v.size() - 1, static_cast<std::size_t>(share * static_cast<double>(v.size())))];
}

struct Options {
  std::int64_t addresses = 1'000'000;
  std::size_t texts = 200'000;
  int rounds = 5;
};

Options read_options(int count, char** arguments) {
  Options options;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = arguments[i];
    const long long value = std::atoll(arguments[i + 1]);
    if (name == "--addresses") options.addresses = value;
    if (name == "--texts") options.texts = static_cast<std::size_t>(value);
    if (name == "--rounds") options.rounds = static_cast<int>(value);
  }
  return options;
}

// SQLite in memory: normalised text as primary key, a full-text table of trigrams, and names by their beginning.
class Sqlite {
 public:
  explicit Sqlite(const geo::Gazetteer& names) {
    sqlite3_open(":memory:", &db_);
    run("create table a(k text primary key, e integer) without rowid");
    run("create virtual table f using fts5(k, content='', tokenize='trigram')");
    run("create table n(k text primary key) without rowid");
    run("begin");
    sqlite3_stmt* key = prepare("insert or ignore into a values(?, ?)");
    sqlite3_stmt* text = prepare("insert into f(rowid, k) values(?, ?)");
    std::string normal;
    for (EntryId e = 0; e < names.entry_count(); ++e) {
      geo::normalise_into(names.entry(e).text, normal);
      bind(key, 1, normal);
      sqlite3_bind_int64(key, 2, e);
      step(key);
      sqlite3_bind_int64(text, 1, e);
      bind(text, 2, normal);
      step(text);
    }
    sqlite3_finalize(key);
    sqlite3_finalize(text);
    sqlite3_stmt* name = prepare("insert or ignore into n values(?)");
    for (geo::NameId n = 0; n < names.name_count(); ++n) {
      geo::normalise_into(names.thing(n).name, normal);
      bind(name, 1, normal);
      step(name);
    }
    sqlite3_finalize(name);
    run("commit");
    find_key_ = prepare("select e from a where k = ?");
    find_text_ = prepare("select rowid from f where f match ? limit 8");
    find_like_ = prepare("select rowid from f where f match ? order by rank limit 8");
    find_names_ = prepare("select k from n where k >= ?1 and k < ?1 || char(1114111) limit 8");
  }
  ~Sqlite() {
    sqlite3_finalize(find_key_);
    sqlite3_finalize(find_text_);
    sqlite3_finalize(find_like_);
    sqlite3_finalize(find_names_);
    sqlite3_close(db_);
  }
  Sqlite(const Sqlite&) = delete;
  Sqlite& operator=(const Sqlite&) = delete;

  EntryId by_key(std::string_view text) {
    geo::normalise_into(text, normal_);
    bind(find_key_, 1, normal_);
    const EntryId found = sqlite3_step(find_key_) == SQLITE_ROW
                              ? static_cast<EntryId>(sqlite3_column_int64(find_key_, 0))
                              : geo::kNoEntry;
    sqlite3_reset(find_key_);
    return found;
  }
  // Up to eight addresses that contain the text as it is.
  std::size_t by_text(std::string_view text) {
    geo::normalise_into(text, normal_);
    return rows(find_text_, "\"" + normal_ + "\"");
  }
  // The eight addresses that share the rarest trigrams with the text.
  std::size_t like_text(std::string_view text) {
    geo::normalise_into(text, normal_);
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i <= normal_.size(); ++i) {
      if (i == normal_.size() || (static_cast<unsigned char>(normal_[i]) & 0xc0u) != 0x80u) starts.push_back(i);
    }
    std::string any;
    for (std::size_t i = 3; i < starts.size(); ++i) {
      any += (any.empty() ? "\"" : " OR \"") + normal_.substr(starts[i - 3], starts[i] - starts[i - 3]) + "\"";
    }
    return any.empty() ? 0 : rows(find_like_, any);
  }
  // Up to eight names that begin with the text; what is typed in pinyin or from a name's middle it does not know.
  std::size_t by_beginning(std::string_view text) {
    geo::normalise_into(text, normal_);
    return rows(find_names_, normal_);
  }

 private:
  void run(const char* sql) {
    if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(db_, sql, -1, &made, nullptr) != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
    return made;
  }
  static void bind(sqlite3_stmt* to, int at, const std::string& text) {
    sqlite3_bind_text(to, at, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
  }
  static std::size_t rows(sqlite3_stmt* of, const std::string& argument) {
    bind(of, 1, argument);
    std::size_t found = 0;
    while (sqlite3_step(of) == SQLITE_ROW) ++found;
    sqlite3_reset(of);
    return found;
  }
  static void step(sqlite3_stmt* statement) {
    sqlite3_step(statement);
    sqlite3_reset(statement);
  }
  sqlite3* db_ = nullptr;
  sqlite3_stmt* find_key_ = nullptr;
  sqlite3_stmt* find_text_ = nullptr;
  sqlite3_stmt* find_like_ = nullptr;
  sqlite3_stmt* find_names_ = nullptr;
  std::string normal_;
};

struct City {
  geo::Gazetteer names;
  std::multimap<std::string, std::string, std::less<>> others;
};

City make_city(std::int64_t addresses) {
  const auto path = std::filesystem::temp_directory_path() / ("address_bench_" + std::to_string(::getpid()) + ".gpkg");
  datasets::synth::SynthOptions options;
  options.seed = 17;
  options.schools = static_cast<int>(std::clamp<std::int64_t>(addresses / 2000, 3, 500));
  options.addresses = addresses;
  options.years = 1;
  {
    datasets::PackageWriter writer(path, datasets::PackageWriter::Start::empty);
    write_city(options, writer);
    writer.commit();
  }
  const datasets::CityPackage package = datasets::CityPackage::open(path);
  std::multimap<std::string, std::string, std::less<>> others;
  for (const engine::Alias& alias : package.aliases()) others.emplace(alias.name, alias.alias);
  const auto start = Clock::now();
  geo::Gazetteer names = datasets::build_names(package);
  std::printf("city: %zu addresses, %zu names; built in %.1f s, %.0f MB\n", names.entry_count(), names.name_count(),
              us_since(start) / 1e6, static_cast<double>(names.size_bytes()) / 1e6);
  std::error_code ignored;
  std::filesystem::remove(path, ignored);
  std::filesystem::remove(path.string() + ".lock", ignored);
  return {std::move(names), std::move(others)};
}

std::vector<std::string> make_texts(const City& city, Noise first, Noise last, std::size_t count, std::uint64_t seed) {
  geo::NoiseMaker noise(city.names, city.others, seed);
  datasets::synth::Random random(seed, 3);
  std::vector<std::string> texts;
  while (texts.size() < count) {
    const auto kind = static_cast<Noise>(random.between(static_cast<int>(first), static_cast<int>(last)));
    const auto entry = static_cast<EntryId>(random.below(city.names.entry_count()));
    if (auto text = noise.make(entry, kind)) texts.push_back(std::move(*text));
  }
  return texts;
}

// What someone has typed so far: the beginning of a street or estate, in characters or pinyin, or a name and a digit.
std::vector<std::string> make_typed(const City& city, std::size_t count) {
  datasets::synth::Random random(9, 4);
  std::vector<std::string> typed;
  while (typed.size() < count) {
    const auto name = static_cast<geo::NameId>(random.below(city.names.name_count()));
    const std::string text(city.names.thing(name).name);
    const std::size_t characters = text.size() / 3;
    switch (random.below(4)) {
      case 0:
        typed.push_back(text.substr(0, 3 * (1 + random.below(characters))));
        break;
      case 1:
        typed.push_back(text.substr(3 * random.below(characters)));
        break;
      case 2:
        typed.push_back(text + std::to_string(1 + random.below(99)));
        break;
      default: {
        std::string letters;
        for (std::size_t i = 0; i < 1 + random.below(6); ++i) letters += static_cast<char>('a' + random.below(26));
        typed.push_back(letters);
      }
    }
  }
  return typed;
}

// Time of every call, the best of the rounds.
std::vector<double> time_each(const std::vector<std::string>& texts, int rounds,
                              const std::function<void(const std::string&)>& call) {
  std::vector<double> best(texts.size(), 1e18);
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto start = Clock::now();
      call(texts[i]);
      best[i] = std::min(best[i], us_since(start));
    }
  }
  return best;
}

void print(const char* name, const std::vector<double>& us) {
  std::printf("%-44s p50 %9.2f us, p99 %9.2f us, worst %9.2f us\n", name, quantile(us, 0.5), quantile(us, 0.99),
              *std::ranges::max_element(us));
}

void measure_exact(const City& city, Sqlite& sqlite, const Options& options) {
  const std::vector<std::string> texts = make_texts(city, Noise::none, Noise::full_width, options.texts, 21);
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  std::vector<EntryId> out(texts.size());
  std::vector<double> ours;
  std::vector<double> theirs;
  std::size_t differ = 0;
  std::string normal;
  std::vector<double> normalising;
  for (int round = 0; round < options.rounds; ++round) {
    auto start = Clock::now();
    for (const std::string& text : texts) geo::normalise_into(text, normal);
    normalising.push_back(us_since(start) / static_cast<double>(texts.size()));
    start = Clock::now();
    city.names.find_exact(views, out);
    ours.push_back(us_since(start) / static_cast<double>(texts.size()));
    start = Clock::now();
    differ = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) differ += sqlite.by_key(texts[i]) != out[i];
    theirs.push_back(us_since(start) / static_cast<double>(texts.size()));
  }
  const double us = quantile(ours, 0);
  const double peer = quantile(theirs, 0);
  std::printf(
      "%-44s %9.3f us a text, of which normalising %.3f; SQLite primary key %.3f = %.1f x (%zu of %zu answers "
      "differ)\n",
      "exact, batched", us, quantile(normalising, 0), peer, peer / us, differ, texts.size());
}

void measure_load(const geo::Gazetteer& names) {
  const auto path = std::filesystem::temp_directory_path() / ("address_bench_" + std::to_string(::getpid()) + ".names");
  geo::SnapshotWriter writer;
  names.save(writer, "names/");
  writer.write(path);
  std::vector<double> ms;
  for (int round = 0; round < 20; ++round) {
    const auto start = Clock::now();
    const geo::Gazetteer opened = geo::Gazetteer::open(geo::Snapshot::open(path), "names/");
    ms.push_back(us_since(start) / 1e3);
    if (opened.entry_count() != names.entry_count()) std::abort();
  }
  std::printf("%-44s %9.1f ms, p50 %.1f ms, worst %.1f ms (%.0f MB mapped and verified)\n", "load a snapshot",
              quantile(ms, 0), quantile(ms, 0.5), quantile(ms, 1),
              static_cast<double>(std::filesystem::file_size(path)) / 1e6);
  std::filesystem::remove(path);
}

}  // namespace

int main(int count, char** arguments) {
  const Options options = read_options(count, arguments);
  const City city = make_city(options.addresses);
  measure_load(city.names);
  Sqlite sqlite(city.names);
  measure_exact(city, sqlite, options);

  const std::size_t few = std::max<std::size_t>(options.texts / 10, 100);
  const auto accepted = make_texts(city, Noise::none, Noise::several, few, 22);
  std::size_t definite = 0;
  print("parse alone, any accepted form", time_each(accepted, options.rounds, [&](const std::string& text) {
          definite += geo::parse_address(text, &city.names).tokens.size() > 100;
        }));
  print("find, any accepted form", time_each(accepted, options.rounds, [&](const std::string& text) {
          definite += city.names.find(text).status == geo::FindStatus::definite;
        }));
  const auto mistyped = make_texts(city, Noise::homophone, Noise::extra_character, few, 23);
  print("find, name mistyped", time_each(mistyped, options.rounds, [&](const std::string& text) {
          definite += city.names.find(text).status == geo::FindStatus::definite;
        }));
  std::size_t found = 0;
  const std::vector<std::string> some(mistyped.begin(), mistyped.begin() + 20);
  print("SQLite FTS5 trigrams by rank, name mistyped",
        time_each(some, 1, [&](const std::string& text) { found += sqlite.like_text(text); }));
  const std::vector<std::string> typed = make_typed(city, few);
  print("suggest", time_each(typed, options.rounds,
                             [&](const std::string& text) { definite += city.names.suggest(text).size(); }));
  print("SQLite names by their beginning",
        time_each(typed, options.rounds, [&](const std::string& text) { found += sqlite.by_beginning(text); }));
  const std::vector<std::string> parts = make_texts(city, Noise::no_head, Noise::no_head, 200, 24);
  const auto peer = time_each(parts, 1, [&](const std::string& text) { found += sqlite.by_text(text); });
  const auto same =
      time_each(parts, 1, [&](const std::string& text) { found += city.names.find(text).candidates.size(); });
  print("SQLite FTS5 trigrams, head left out", peer);
  std::printf("%-44s %9.1f x\n", "  beside find on the same texts", quantile(peer, 0.5) / quantile(same, 0.5));
  std::printf("checksum %zu\n", definite + found);
  return 0;
}
