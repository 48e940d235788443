#include "datasets/importer/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>
#include <vector>

namespace catchment::datasets {
namespace {

using Context = std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)>;

Context begin() {
  Context context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  return context;
}

std::string finish(const Context& context) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    constexpr const char* kDigits = "0123456789abcdef";
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

}  // namespace

std::string sha256_of_file(const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> in(std::fopen(file.c_str(), "rb"),
                                                           [](std::FILE* open) { return std::fclose(open); });
  if (!in) throw std::system_error(errno, std::generic_category(), file.string());
  const Context context = begin();
  std::vector<unsigned char> block(1 << 20);
  for (std::size_t count = 0; (count = std::fread(block.data(), 1, block.size(), in.get())) > 0;) {
    EVP_DigestUpdate(context.get(), block.data(), count);
  }
  if (std::ferror(in.get()) != 0) throw std::system_error(EIO, std::generic_category(), file.string());
  return finish(context);
}

std::string sha256_of_text(std::string_view text) {
  const Context context = begin();
  EVP_DigestUpdate(context.get(), text.data(), text.size());
  return finish(context);
}

}  // namespace catchment::datasets
