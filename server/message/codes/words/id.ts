import type { Words } from './words.ts';

/** Indonesian and Malay. */
export const id: Words = {
  oneTime: `kode verifikasi, kode keamanan, kode konfirmasi, kode otp, kode masuk, kode login, kode aktivasi,
    kode autentikasi, kode otorisasi, kode sekali pakai, kode sementara, kode pemulihan, kode cadangan,
    kata sandi sekali pakai, kata sandi sementara, sandi sekali pakai, kod pengesahan, kod keselamatan`,
  maybe: `kode, kod, kode akses, kata sandi, sandi`,
  otherNames: `kode promo*, kode pos, kode voucher, kode diskon, kode produk, kode barang, kode pesanan, kode booking,
    kode pemesanan, kode resi, kode kesalahan, kode eror, kode error, kode negara, kode area, kode referral, kode
    kupon, kode undangan, kode pelanggan, kode qr, kode batang, kode sumber, kode status, kode bank, kode hadiah, kode
    pengambilan, kode penerimaan, poskod, pesanan, resi, faktur, tagihan, telepon, telp, jumlah, nomor, rekening, kode
    kamar, kode faktur, kode warna, kode pajak, kode wifi, kode gerbang, kode pintu, kode alarm, kode kota, kode
    wilayah, kode provinsi, kode mata uang, kode bahasa, kode bandara, kode penerbangan, kode cabang, kode model, kode
    ukuran, kode pemasok, kode karyawan, kode toko, kode pelacakan, kode lacak, kode keluar, kode swift, kode undian,
    kode kontrak, kode mata kuliah, kode tagihan, kode pengiriman, kode agen, kode mitra`,
  elsewhere: `promo, diskon, voucher, kupon, gratis ongkir, keranjang, hemat`,
  meeting: `id rapat, gabung rapat, id webinar`,
  units: `menit, detik, jam, hari, minggu, bulan, tahun, poin, kali, rupiah`,
  is: `adalah, ialah`,
  number: `nomor, no, adalah`,
  enter: `masukkan, gunakan`,
  purpose: `untuk masuk, untuk verifikasi, untuk melanjutkan, untuk konfirmasi`,
  not: `bukan`,
  past: `sudah kedaluwarsa, tidak berlaku lagi`,
};
