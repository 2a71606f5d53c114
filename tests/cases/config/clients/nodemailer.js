/* expect: product=nodemailer tls=opportunistic auth=any port=587 verify=none */
const transporter = nodemailer.createTransport({
  host: 'mail.example.com',
  port: 587,
  secure: false,
  auth: { user: 'user', pass: 's3cr3t-Zx81qy' },
  tls: { rejectUnauthorized: false },
});
