import type { Words } from './words.ts';

export const es: Words = {
  oneTime: `código* de verificación, código* de seguridad, código* de confirmación, código* de autenticación,
    código* de activación, código* de un solo uso, código* de uso único, código* de inicio de sesión, código* temporal*,
    código* único*, código* de autorización, código* de recuperación, código* de respaldo, código* otp,
    código* de validación, código* de restablecimiento, clave de un solo uso, clave temporal, clave dinámica,
    clave de verificación, contraseña de un solo uso, contraseña temporal, contraseña de uso único, pin de un solo uso,
    pin de verificación`,
  maybe: `código*, clave, clave de acceso, código* de acceso, contraseña, token`,
  otherNames: `código* promocional*, código* postal*, código* de descuento, código* de barras, código* de error,
    código fuente, código* de seguimiento, código de cliente, código de país, código* qr, código* de cupón, código de
    pedido, código* de reserva, código de regalo, código de cita, código de receta, pin de la receta, código de
    producto, código de artículo, código de estado, código de recogida, código de invitación, código de referido,
    código de área, código swift, código de referencia, código de envío, código de rastreo, pedido, factura, teléfono,
    importe, cuenta, envío, número, reserva, terminada en, que termina en, localizador, referencia, sala, cita,
    código* de la habitación, código* de habitación, código* wifi, código* wi fi, código* del wifi, código* del
    portal, código* de la puerta, código* de la alarma, código* de alarma, código* de impuesto*, código* de la
    factura, código* de factura, código cups, código* de contrato, código* de color, código* del color, código* de
    modelo, código* de lote, código iata, código* de vuelo, código* de proveedor, código* de tienda, código* de
    concurso, código* de sorteo, código penal, código civil, código* de retorno, código* de salida, código* de
    respuesta, código* de amigo, código* de fidelidad, código* de empleado, código* de aparcamiento, código* de
    garaje, código* regional, código* de región, código* de provincia, código* de ciudad, código* fiscal, código*
    arancelario, código* de vestimenta, código* del artículo, código* de talla, código* del candado, código* de
    estación`,
  elsewhere: `descuento*, cupón, cupones, promoción, promocional, primera compra, próxima compra, ahorra, rebajas, regalamos,
    envío gratis, tarjeta regalo`,
  meeting: `id de reunión, id de la reunión, unirse a la reunión, id de conferencia, id del seminario web`,
  units: `minutos, minuto, segundos, segundo, horas, hora, días, día, semanas, meses, años, año, puntos, veces, euros,
    pesos`,
  is: `es, son, es el, es la`,
  number: `número, núm, es, id, nº, n`,
  enter: `introduce, ingresa, usa, utiliza, escribe, introduzca, ingrese`,
  purpose: `para iniciar sesión, para confirmar, para verificar, para continuar, para acceder`,
  not: `no es, no, en lugar de`,
  past: `ha caducado, ya no es válido, ha expirado`,
};
