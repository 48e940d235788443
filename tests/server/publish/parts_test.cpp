// The parts of a bundle that need no city: signatures, hashes, hidden names, keys of addresses, tile archives.
#include <gtest/gtest.h>
#include <zlib.h>

#include "geo/input_error.hpp"
#include "server/publish/bundle_dir.hpp"
#include "server/publish/hidden_names.hpp"
#include "server/publish/look_up.hpp"
#include "server/publish/minisign.hpp"
#include "server/publish/tile_files.hpp"
#include "tests/datasets/program.hpp"

namespace catchment::publish {
namespace {

using testing::TempDir;
using testing::write_file;

SigningKey key_of(std::uint8_t first) {
  std::array<std::uint8_t, 40> random{};
  for (std::size_t i = 0; i < random.size(); ++i) random[i] = static_cast<std::uint8_t>(first + i);
  return make_signing_key(random);
}

TEST(Minisign, ASignatureHoldsForItsTextAndKeyAlone) {
  const SigningKey key = key_of(1);
  const std::string text = "a text\n", signature = sign_text(text, key, "of a bundle");
  EXPECT_EQ(check_signature(text, signature, key.public_key), SignatureFault::none);
  EXPECT_EQ(check_signature("b text\n", signature, key.public_key), SignatureFault::forged);
  EXPECT_EQ(check_signature(text, signature, key_of(2).public_key), SignatureFault::other_key);
  PublicKey same_number = key_of(2).public_key;
  same_number.id = key.public_key.id;
  EXPECT_EQ(check_signature(text, signature, same_number), SignatureFault::forged);
}

TEST(Minisign, EveryFlippedByteOfASignatureIsSeenButThoseOfItsUntrustedComment) {
  const SigningKey key = key_of(1);
  const std::string text = "a text\n", signature = sign_text(text, key, "of a bundle");
  for (std::size_t i = signature.find('\n') + 1; i + 1 < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_NE(check_signature(text, changed, key.public_key), SignatureFault::none) << i;
  }
}

TEST(Minisign, KeysComeBackFromTheirFiles) {
  const TempDir dir;
  const SigningKey key = key_of(7);
  write_file(dir / "key", signing_key_text(key));
  write_file(dir / "key.pub", public_key_text(key.public_key));
  EXPECT_EQ(read_signing_key(dir / "key").seed, key.seed);
  EXPECT_EQ(read_signing_key(dir / "key").public_key.key, key.public_key.key);
  EXPECT_EQ(read_public_key(dir / "key.pub").key, key.public_key.key);
  EXPECT_EQ(read_public_key(dir / "key.pub").id, key.public_key.id);
  EXPECT_THROW(read_signing_key(dir / "key.pub"), InputError);
  EXPECT_THROW(read_public_key(dir / "key"), InputError);
  std::string damaged = signing_key_text(key);
  damaged[damaged.size() - 40] = damaged[damaged.size() - 40] == 'A' ? 'B' : 'A';
  write_file(dir / "key", damaged.substr(0, 60) + "x" + damaged.substr(61));
  EXPECT_THROW(read_signing_key(dir / "key"), InputError);
}

TEST(Manifest, NamesThatLeaveTheBundleAreRefused) {
  const std::string hash(64, 'a');
  EXPECT_EQ(parse_manifest(hash + "  data/a b.csv\n").at("data/a b.csv"), hash);
  for (const char* name : {"/etc/passwd", "../x", "a/../../x", ""}) {
    EXPECT_THROW(parse_manifest(hash + "  " + name + "\n"), InputError) << name;
  }
  EXPECT_THROW(parse_manifest(hash + "  a\n" + hash + "  a\n"), InputError);
  EXPECT_THROW(parse_manifest("abc  a\n"), InputError);
}

TEST(HiddenNames, UnitsAreHiddenAndStreetsCalledAfterThemAreNot) {
  const HiddenNames names = HiddenNames::read("");
  for (const char* name :
       {"76110部队宿舍", "９５１１１部队", "某军区干休所", "武警支队家属院", "某部队大院", "雷达站"}) {
    EXPECT_TRUE(names.hides(name)) << name;
  }
  for (const char* name : {"营房路", "建军路", "军民路小学", "八一街", "武警路12号", "青河路12号", ""}) {
    EXPECT_FALSE(names.hides(name)) << name;
  }
}

TEST(HiddenNames, AListOfItsOwnIsReadStrictly) {
  const TempDir dir;
  const std::string head = "match\twords\texcept\tbasis\n";
  write_file(dir / "own.tsv", head + "contains\t水厂\t水厂路\tthe bureau\n");
  EXPECT_TRUE(HiddenNames::read(dir / "own.tsv").hides("第二水厂"));
  EXPECT_FALSE(HiddenNames::read(dir / "own.tsv").hides("水厂路3号"));
  EXPECT_FALSE(HiddenNames::read(dir / "own.tsv").hides("76110部队"));
  for (const std::string bad : {"contains\t\t\tx\n", "begins\ta\t\tx\n", "contains\ta\n"}) {
    write_file(dir / "own.tsv", head + bad);
    try {
      HiddenNames::read(dir / "own.tsv");
      FAIL() << bad;
    } catch (const InputError& error) {
      EXPECT_TRUE(error.where.ends_with("own.tsv:2")) << error.where;
    }
  }
}

TEST(LookUpKey, SpellingsOfOneAddressShareOne) {
  EXPECT_EQ(look_up_key("青河路１２号"), look_up_key(" 青河路 12 號"));
  EXPECT_EQ(look_up_key("青河路12号，3单元"), look_up_key("青河路12号3单元"));
  EXPECT_NE(look_up_key("青河路12号"), look_up_key("青河路21号"));
}

// The same figures stand in viewer/src/site/fold.test.ts.
TEST(LookUpKey, HashesAreThoseOfThePage) {
  EXPECT_EQ(hash_key(""), (KeyHash{2872998923u, 3954623016u}));
  EXPECT_EQ(hash_key("青河路12号"), (KeyHash{1146320456u, 2850687591u}));
}

std::string gunzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string out(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

// A reader of the specification, one directory deep.
std::map<std::uint64_t, std::string> read_pmtiles(const std::string& file) {
  const auto number = [&](std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = 8; i-- > 0;) value = value << 8 | static_cast<unsigned char>(file[at + i]);
    return value;
  };
  EXPECT_EQ(file.substr(0, 8), std::string("PMTiles\x03"));
  const std::string root = gunzip(std::string_view(file).substr(number(8), number(16)));
  std::size_t at = 0;
  const auto varint = [&] {
    std::uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(root.at(at++));
      value |= std::uint64_t{byte & 127u} << shift;
      if (byte < 128) return value;
    }
  };
  const std::size_t count = varint();
  std::vector<std::uint64_t> ids(count), runs(count), lengths(count), offsets(count);
  std::uint64_t id = 0;
  for (auto& i : ids) i = id += varint();
  for (auto& run : runs) run = varint();
  for (auto& length : lengths) length = varint();
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t value = varint();
    offsets[i] = value == 0 ? offsets[i - 1] + lengths[i - 1] : value - 1;
  }
  std::map<std::uint64_t, std::string> tiles;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::uint64_t r = 0; r < runs[i]; ++r) {
      tiles[ids[i] + r] = gunzip(std::string_view(file).substr(number(56) + offsets[i], lengths[i]));
    }
  }
  return tiles;
}

TEST(PmTiles, TilesStandWhereTheSpecificationPutsThem) {
  TileSet set;
  set.min_zoom = 0, set.max_zoom = 2;
  set.box.extend(geo::Point{0, 0});
  // Numbers of the specification: 0/0/0 is 0; 1/0/0 is 1, 1/0/1 is 2, 1/1/1 is 3, 1/1/0 is 4; 2/0/0 is 5.
  set.tiles[{0, 0, 0}] = "all";
  set.tiles[{1, 0, 0}] = "nw", set.tiles[{1, 0, 1}] = "sw", set.tiles[{1, 1, 1}] = "se", set.tiles[{1, 1, 0}] = "ne";
  set.tiles[{2, 0, 0}] = "nw", set.tiles[{2, 1, 0}] = "nw", set.tiles[{2, 3, 0}] = "last";
  const auto tiles = read_pmtiles(pmtiles_bytes(set));
  EXPECT_EQ(tiles.at(0), "all");
  EXPECT_EQ(tiles.at(1), "nw");
  EXPECT_EQ(tiles.at(2), "sw");
  EXPECT_EQ(tiles.at(3), "se");
  EXPECT_EQ(tiles.at(4), "ne");
  EXPECT_EQ(tiles.at(5), "nw");
  EXPECT_EQ(tiles.at(6), "nw");
  EXPECT_EQ(tiles.at(20), "last");
  EXPECT_EQ(tiles.size(), 8u);
}

}  // namespace
}  // namespace catchment::publish
