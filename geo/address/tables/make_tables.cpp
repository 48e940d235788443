// Writes the fold, reading and look-alike tables of geo/address as C++ arrays. Runs at build time, so that ICU is not
// needed afterwards: make_tables <folder of the hand-made lists> <output.cpp>
#include <unicode/normalizer2.h>
#include <unicode/translit.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Text = std::u32string;

[[noreturn]] void fail(const std::string& message) {
  std::cerr << "make_tables: " << message << '\n';
  std::exit(1);
}

std::uint32_t code(char32_t c) { return static_cast<std::uint32_t>(c); }

Text to_text(const icu::UnicodeString& from) {
  Text out;
  for (std::int32_t i = 0; i < from.length(); i = from.moveIndex32(i, 1)) {
    out.push_back(static_cast<char32_t>(from.char32At(i)));
  }
  return out;
}

icu::UnicodeString to_icu(const Text& from) {
  icu::UnicodeString out;
  for (const char32_t c : from) out.append(static_cast<UChar32>(c));
  return out;
}

std::string to_utf8(const Text& from) {
  std::string out;
  to_icu(from).toUTF8String(out);
  return out;
}

Text from_utf8(const std::string& from) { return to_text(icu::UnicodeString::fromUTF8(from)); }

std::unique_ptr<icu::Transliterator> transliterator(const char* id) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> made(icu::Transliterator::createInstance(id, UTRANS_FORWARD, status));
  if (U_FAILURE(status) || !made) fail(std::string("ICU has no ") + id);
  return made;
}

// Lines without comments and blank lines.
std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  if (!in) fail("cannot read " + path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  }
  return lines;
}

// --- folding -------------------------------------------------------------------------------------------------------

class Folder {
 public:
  explicit Folder(const std::string& variants_path) : simplify_(transliterator("Hant-Hans")) {
    UErrorCode status = U_ZERO_ERROR;
    casefold_ = icu::Normalizer2::getNFKCCasefoldInstance(status);
    nfc_ = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) fail("ICU has no NFKC_Casefold");
    punctuation();
    for (const std::string& line : lines_of(variants_path)) {
      std::istringstream words(line);
      for (std::string from, to; words >> from >> to;) {
        const Text a = from_utf8(from);
        const Text b = from_utf8(to);
        if (a.size() != 1 || b.size() != 1) fail("variants: not two characters: " + line);
        if (a != b) single_[a[0]] = b[0];
      }
    }
  }

  // What c becomes, closed under itself. Where ICU exchanges two characters (苎, 苧) both become the smaller.
  Text fold(char32_t c) const {
    Text seen(1, c);
    for (;;) {
      const Text next = step(seen.back());
      if (next == seen.substr(seen.size() - 1)) return next;
      if (next.size() != 1) {
        Text out;
        for (const char32_t each : next) out += fold(each);
        return out;
      }
      if (const auto again = seen.find(next[0]); again != Text::npos) {
        return Text(1, *std::min_element(seen.begin() + static_cast<std::ptrdiff_t>(again), seen.end()));
      }
      seen += next;
    }
  }

  // The precomposed letter, 0 if none.
  char32_t compose(char32_t base, char32_t mark) const {
    const UChar32 made = nfc_->composePair(static_cast<UChar32>(base), static_cast<UChar32>(mark));
    return made < 0 ? 0 : static_cast<char32_t>(made);
  }

 private:
  void all_to(const char32_t* from, char32_t to) {
    for (; *from != 0; ++from) single_[*from] = to;
  }

  void punctuation() {
    all_to(U"\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2500\u2501\u30fc\ufe58\ufe63\uff0d\uff70\u02d7", U'-');
    all_to(U"\u301c\u223c\uff5e\u02dc", U'~');
    all_to(U"[{\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a\u2329\u27e8\u27ea\u2768\u276a", U'(');
    all_to(U"]}\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b\u232a\u27e9\u27eb\u2769\u276b", U')');
    all_to(U"\u2022\u2027\u2219\u22c5\u30fb\u2e31\u00b7\uff65\u2024", U'\u00b7');
    all_to(U"\u201c\u201d\u201e\u201f\u301d\u301e\u301f", U'"');
    all_to(U"\u2018\u2019\u201a\u201b\u02b9\u02bc\u00b4`", U'\'');
    all_to(U"\u25cb\u25ef\u3007", U'\u3007');  // drawn circles stand for the numeral
  }

  Text step(char32_t c) const {
    if (const auto hand = single_.find(c); hand != single_.end()) return Text(1, hand->second);
    if (c >= 0x300 && c < 0x370) return Text(1, c);  // accents are composed with the letter before them
    const auto code = static_cast<UChar32>(c);
    icu::UnicodeString folded;
    UErrorCode status = U_ZERO_ERROR;
    casefold_->normalize(icu::UnicodeString(code), folded, status);
    if (U_FAILURE(status)) fail("NFKC_Casefold");
    const Text text = to_text(folded);
    if (text.find(U' ') != Text::npos) return Text(1, c);  // an accent on a blank
    // A circled or raised digit beside a number would become part of it.
    const bool number_like = u_charType(code) == U_OTHER_NUMBER;
    if (number_like && !text.empty() &&
        (u_isalnum(static_cast<UChar32>(text.front())) || u_isalnum(static_cast<UChar32>(text.back())))) {
      return Text(1, c);
    }
    if (text.size() == 1 && text[0] == c && u_hasBinaryProperty(code, UCHAR_IDEOGRAPHIC)) {
      icu::UnicodeString simple(code);
      simplify_->transliterate(simple);
      return to_text(simple);
    }
    return text;
  }

  const icu::Normalizer2* casefold_ = nullptr;
  const icu::Normalizer2* nfc_ = nullptr;
  std::unique_ptr<icu::Transliterator> simplify_;
  std::map<char32_t, char32_t> single_;
};

// --- writing -------------------------------------------------------------------------------------------------------

// A value for every code point, 0 for most, as blocks of 256 that equal ones share.
class Paged {
 public:
  void set(char32_t c, std::uint16_t value) { values_[c] = value; }

  void write(std::ostream& out, const std::string& name) const {
    std::map<std::vector<std::uint16_t>, std::size_t> known;
    std::vector<std::vector<std::uint16_t>> blocks;
    std::vector<std::size_t> index;
    for (char32_t page = 0; page < 0x1100; ++page) {
      std::vector<std::uint16_t> block(256, 0);
      for (auto it = values_.lower_bound(page << 8); it != values_.end() && it->first >> 8 == page; ++it) {
        block[it->first & 255] = it->second;
      }
      const auto [place, fresh] = known.try_emplace(block, blocks.size());
      if (fresh) blocks.push_back(block);
      index.push_back(place->second);
    }
    out << "const std::uint16_t " << name << "_index[0x1100] = {";
    for (std::size_t i = 0; i < index.size(); ++i) out << (i % 32 == 0 ? "\n  " : "") << index[i] << ',';
    out << "};\nconst std::uint16_t " << name << "_block[][256] = {\n";
    for (const auto& block : blocks) {
      out << "  {";
      for (const std::uint16_t value : block) out << value << ',';
      out << "},\n";
    }
    out << "};\n";
  }

 private:
  std::map<char32_t, std::uint16_t> values_;
};

void write_bytes(std::ostream& out, const std::string& name, const std::string& bytes) {
  out << "const char " << name << "[] = {";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out << (i % 24 == 0 ? "\n  " : "") << static_cast<int>(static_cast<signed char>(bytes[i])) << ',';
  }
  out << "0};\n";
}

bool is_chinese(char32_t c) {  // as geo/address/normal_text.cpp has it
  return (c >= 0x3001 && c <= 0x303f) || (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
         (c >= 0x20000 && c <= 0x3ffff);
}

void write_fold(std::ostream& out, const Folder& folder) {
  Paged pages;
  std::map<Text, std::uint16_t> known;
  std::vector<Text> targets(1);  // 0: the character stays
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c >= 0xd800 && c < 0xe000) continue;
    const Text to = folder.fold(c);
    if (to == Text(1, c)) continue;
    const auto [place, fresh] = known.try_emplace(to, static_cast<std::uint16_t>(targets.size()));
    if (fresh) targets.push_back(to);
    pages.set(c, place->second);
  }
  if (targets.size() > 65535) fail("too many fold targets");
  std::string bytes;
  std::ostringstream rows;
  for (const Text& to : targets) {
    const std::string utf8 = to_utf8(to);
    rows << "  {" << bytes.size() << ',' << utf8.size() << ',' << (!to.empty() && is_chinese(to.front())) << ','
         << (!to.empty() && is_chinese(to.back())) << ',' << code(to.size() == 1 ? to[0] : U'\0') << "u},\n";
    bytes += utf8;
  }
  pages.write(out, "kFold");
  out << "const FoldTarget kFoldTarget[] = {\n" << rows.str() << "};\n";
  write_bytes(out, "kFoldBytes", bytes);

  std::ostringstream pairs;
  std::size_t count = 0;
  for (char32_t base = U'a'; base < 0x2000; ++base) {
    if (folder.fold(base) != Text(1, base)) continue;
    for (char32_t mark = 0x300; mark < 0x370; ++mark) {
      const char32_t made = folder.compose(base, mark);
      if (made == 0 || folder.fold(made) != Text(1, made) || folder.fold(mark) != Text(1, mark)) continue;
      pairs << "  {" << code(base) << "u," << code(mark) << "u," << code(made) << "u},\n";
      ++count;
    }
  }
  out << "const Composition kComposition[] = {\n"
      << pairs.str() << "};\n"
      << "const std::size_t kCompositionCount = " << count << ";\n";
}

// --- readings and look-alikes --------------------------------------------------------------------------------------

// "zhong" out of "zhōng", "lv" out of "lǜ".
std::string toneless(const Text& latin) {
  UErrorCode status = U_ZERO_ERROR;
  icu::UnicodeString apart;
  icu::Normalizer2::getNFDInstance(status)->normalize(to_icu(latin), apart, status);
  std::string out;
  for (const char32_t c : to_text(apart)) {
    if (c >= U'a' && c <= U'z') out.push_back(static_cast<char>(c));
    if (c == 0x308 && !out.empty() && out.back() == 'u') out.back() = 'v';
    if (c > 0x370) return {};
  }
  return out;
}

using Readings = std::map<char32_t, std::vector<std::string>>;

Readings read_readings(const Folder& folder, const std::string& polyphones_path) {
  Readings readings;
  const auto latin = transliterator("Han-Latin");
  for (char32_t c = 0x3400; c < 0x30000; ++c) {
    if (c == 0xa000) c = 0x20000;
    if (!u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_IDEOGRAPHIC) || folder.fold(c) != Text(1, c)) continue;
    icu::UnicodeString text(static_cast<UChar32>(c));
    latin->transliterate(text);
    if (const std::string syllable = toneless(to_text(text.trim())); !syllable.empty()) readings[c] = {syllable};
  }
  for (const std::string& line : lines_of(polyphones_path)) {
    std::istringstream words(line);
    char32_t c = 0;
    for (std::string word; words >> word;) {
      if (static_cast<unsigned char>(word[0]) >= 0x80) {
        const Text key = from_utf8(word);
        if (key.size() != 1 || folder.fold(key[0]) != key) fail("polyphones: not a folded character: " + word);
        c = key[0];
        readings[c].clear();
      } else if (c == 0) {
        fail("polyphones: a reading without a character: " + line);
      } else {
        readings[c].push_back(word);
      }
    }
  }
  return readings;
}

void write_readings(std::ostream& out, const Readings& readings) {
  std::set<std::string> all;
  for (const auto& [c, list] : readings) all.insert(list.begin(), list.end());
  const std::vector<std::string> syllables(all.begin(), all.end());
  std::vector<std::uint16_t> flat = {0};  // a count, then as many syllables
  std::map<std::vector<std::string>, std::uint16_t> known;
  Paged pages;
  for (const auto& [c, list] : readings) {
    const auto [place, fresh] = known.try_emplace(list, static_cast<std::uint16_t>(flat.size()));
    if (fresh) {
      flat.push_back(static_cast<std::uint16_t>(list.size()));
      for (const std::string& each : list) {
        flat.push_back(static_cast<std::uint16_t>(std::ranges::lower_bound(syllables, each) - syllables.begin()));
      }
    }
    pages.set(c, place->second);
  }
  pages.write(out, "kReading");
  out << "const std::uint16_t kReadingList[] = {";
  for (std::size_t i = 0; i < flat.size(); ++i) out << (i % 24 == 0 ? "\n  " : "") << flat[i] << ',';
  out << "};\nconstinit const std::string_view kSyllable[] = {";
  for (std::size_t i = 0; i < syllables.size(); ++i) out << (i % 12 == 0 ? "\n  " : "") << '"' << syllables[i] << "\",";
  out << "};\nconst std::size_t kSyllableCount = " << syllables.size() << ";\n";
}

void write_look_alikes(std::ostream& out, const Folder& folder, const std::string& path) {
  std::map<char32_t, std::set<char32_t>> others;
  for (const std::string& line : lines_of(path)) {
    const Text group = from_utf8(line);
    for (const char32_t a : group) {
      if (folder.fold(a) != Text(1, a)) fail("look_alikes: not folded: " + line);
      for (const char32_t b : group) {
        if (a != b) others[a].insert(b);
      }
    }
  }
  Text flat(1, U'\0');  // characters, each list ended by 0
  Paged pages;
  for (const auto& [c, list] : others) {
    pages.set(c, static_cast<std::uint16_t>(flat.size()));
    flat.append(list.begin(), list.end());
    flat.push_back(U'\0');
  }
  if (flat.size() > 65535) fail("too many look-alikes");
  pages.write(out, "kLookAlike");
  out << "const char32_t kLookAlikeList[] = {";
  for (std::size_t i = 0; i < flat.size(); ++i) {
    out << (i % 16 == 0 ? "\n  " : "") << code(flat[i]) << "u,";
  }
  out << "};\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) fail("usage: make_tables <folder> <output.cpp>");
  const std::string folder_path = argv[1];
  const Folder folder(folder_path + "/variants.txt");
  std::ostringstream out;
  out << "// Written by geo/address/tables/make_tables.cpp.\n"
         "#include \"geo/address/tables/tables.hpp\"\n\n"
         "namespace catchment::geo::tables {\n";
  write_fold(out, folder);
  write_readings(out, read_readings(folder, folder_path + "/polyphones.txt"));
  write_look_alikes(out, folder, folder_path + "/look_alikes.txt");
  out << "}  // namespace catchment::geo::tables\n";
  std::ofstream file(argv[2], std::ios::binary);
  file << out.str();
  if (!file.flush()) fail(std::string("cannot write ") + argv[2]);
  return 0;
}
